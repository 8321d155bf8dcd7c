"""Reading bargains into plain rows, ready to draw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet, Sum

from quanzi.base import planned
from quanzi.base.media.models import Picture
from quanzi.goods.catalogue.queries.cards import first_pictures
from quanzi.goods.catalogue.rules import variant_title
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.people.safety.queries import blocked_ids
from quanzi.trade.bargains import policies
from quanzi.trade.bargains.models import Bargain, BargainState, Voice
from quanzi.trade.deals.models import Team, TeamState

MOST = 100

KEPT = """
SELECT count(*), count(DISTINCT l.member_id) FROM sales_orderline l JOIN bargains_voice v ON v.member_id = l.member_id
WHERE v.bargain_id = %s AND v.withdrawn_at IS NULL AND l.product_id = %s AND l.kept_at IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class BargainCard:
    """people and units: of the voices that count now. gathers: one may add a voice."""

    id: int
    code: str
    sku_id: int
    title: str
    product_slug: str
    picture: Picture | None
    circle_name: str
    opener_name: str
    wish: Money
    single: Money
    words: str
    state: str
    people: int
    units: int
    opened_at: datetime
    closes_at: datetime
    answer: str
    gathers: bool


@dataclass(frozen=True, slots=True)
class VoiceRow:
    """name is left out where one of the two blocked the other."""

    name: str
    avatar: Picture | None
    quantity: int
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """The merchant's answer: the price when `minimum` people pay until `ends_at`. team: code of one that takes people, or ""."""

    deal_id: int
    price: Money
    minimum: int
    ends_at: datetime
    team: str
    paid: int
    may_open: bool


@dataclass(frozen=True, slots=True)
class BargainPage:
    card: BargainCard
    voices: tuple[VoiceRow, ...]
    mine: int
    offer: Offer | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the merchant weighs. cost: of one unit; kept_lines, kept_by: what those who ask bought of these goods and kept."""

    card: BargainCard
    cost: Money
    kept_lines: int
    kept_by: int
    deal_id: int | None

    @property
    def margin_now(self) -> Money:
        """Of all that is asked for, at today's price."""
        return Money((self.card.single.minor - self.cost.minor) * self.card.units, self.cost.currency)

    @property
    def margin_wished(self) -> Money:
        """Of all that is asked for, at the wished price."""
        return Money((self.card.wish.minor - self.cost.minor) * self.card.units, self.cost.currency)


def find_bargain(code: str, *, viewer: Member | None) -> Bargain | None:
    """None when there is none, or it is a circle's of which the viewer is not."""
    found = _rows().filter(code=code).first()
    return found if found is not None and policies.may_see(viewer, found) else None


def bargains_of(
    *, viewer: Member | None = None, circle_id: int | None = None, sku_product_id: int | None = None, now: datetime
) -> list[BargainCard]:
    """What gathers now: of a circle, or of goods for everybody."""
    whose = Q(circle=None) if circle_id is None else Q(circle_id=circle_id)
    found = _rows().filter(whose, state=BargainState.GATHERING, closes_at__gt=now)
    if sku_product_id is not None:
        found = found.filter(sku__product_id=sku_product_id)
    return _cards(found.order_by("-id")[:MOST], now)


def every_bargain(*, state: str = "", before: int | None = None, limit: int = 20, now: datetime) -> list[BargainCard]:
    """For the staff, newest first."""
    found = _rows()
    if state:
        found = found.filter(state=state)
    if before is not None:
        found = found.filter(pk__lt=before)
    return _cards(found.order_by("-id")[: max(1, min(limit, MOST))], now)


def bargain_page(*, bargain: Bargain, viewer: Member | None, now: datetime) -> BargainPage:
    voices = list(
        Voice.objects.filter(bargain=bargain, withdrawn_at=None).select_related("member__avatar").order_by("id")[:MOST]
    )
    hidden = blocked_ids(viewer.pk) if viewer is not None else set()
    mine = next((one.quantity for one in voices if viewer is not None and one.member_id == viewer.pk), 0)
    [card] = _cards(_rows().filter(pk=bargain.pk), now)
    return BargainPage(
        card=card,
        voices=tuple(
            VoiceRow(
                name="" if one.member_id in hidden or viewer is None else one.member.name,
                avatar=None if one.member_id in hidden or viewer is None else one.member.avatar,
                quantity=one.quantity,
                is_mine=viewer is not None and one.member_id == viewer.pk,
            )
            for one in voices
        ),
        mine=mine,
        offer=_offer(bargain, mine > 0, now),
    )


def evidence_of(*, bargain_id: int, now: datetime) -> Evidence | None:
    found = _rows().filter(pk=bargain_id).first()
    if found is None:
        return None
    [card] = _cards(_rows().filter(pk=bargain_id), now)
    kept_lines, kept_by = planned.rows(KEPT, [bargain_id, found.sku.product_id])[0]
    return Evidence(card, Money(found.sku.cost_minor, found.currency), kept_lines, kept_by, found.deal_id)


def _offer(bargain: Bargain, asked: bool, now: datetime) -> Offer | None:
    deal = bargain.deal
    if deal is None or deal.ends_at is None:
        return None
    forming = Team.objects.filter(deal=deal, state=TeamState.FORMING, deadline__gt=now)
    team = forming.order_by("-paid_seats", "id").first()
    return Offer(
        deal_id=deal.pk,
        price=Money(deal.price_minor, deal.currency),
        minimum=deal.team_size,
        ends_at=deal.ends_at,
        team=team.code if team is not None else "",
        paid=team.paid_seats if team is not None else 0,
        may_open=asked and deal.stopped_at is None and now < deal.ends_at,
    )


def _rows() -> QuerySet[Bargain]:
    return Bargain.objects.select_related("sku__product", "circle", "opener", "deal")


def _cards(bargains: QuerySet[Bargain], now: datetime) -> list[BargainCard]:
    live = Q(voices__withdrawn_at=None)
    rows = list(bargains.annotate(people=Count("voices", filter=live), units=Sum("voices__quantity", filter=live)))
    pictures = first_pictures({one.sku.product_id for one in rows}) if rows else {}
    return [
        BargainCard(
            id=one.pk,
            code=one.code,
            sku_id=one.sku_id,
            title=variant_title(one.sku.product.name, one.sku.options),
            product_slug=one.sku.product.slug,
            picture=pictures.get(one.sku.product_id),
            circle_name=one.circle.name if one.circle else "",
            opener_name=one.opener.name,
            wish=Money(one.wish_minor, one.currency),
            single=Money(one.sku.price_minor, one.currency),
            words=one.words,
            state=one.state,
            people=one.people,
            units=one.units or 0,
            opened_at=one.opened_at,
            closes_at=one.closes_at,
            answer=one.answer,
            gathers=one.state == BargainState.GATHERING and now < one.closes_at,
        )
        for one in rows
    ]
