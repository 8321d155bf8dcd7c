"""Deals as members see them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from quanzi.base import planned
from quanzi.base.media.models import Picture
from quanzi.community.circles.models import Admission
from quanzi.community.circles.queries import my_circle_ids
from quanzi.goods.catalogue.models import ProductState
from quanzi.goods.catalogue.queries.cards import first_pictures
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.trade.deals import rules
from quanzi.trade.deals.models import GroupDeal, Seat, SeatState, Team, TeamState
from quanzi.trade.deals.policies import is_guest, may_see
from quanzi.trade.deals.pricing import labels

MOST = 100


@dataclass(frozen=True, slots=True)
class StepRow:
    """From so many people who paid on, one unit costs this."""

    people: int
    price: Money


@dataclass(frozen=True, slots=True)
class DealOffer:
    """Terms of a deal beside the price alone. saving: for one unit; ends_at: when no new teams are taken, if ever.

    price: what everybody pays first; steps: of a ladder, the first one included, empty where more people change nothing.
    """

    id: int
    product_id: int
    product_slug: str
    product_name: str
    picture: Picture | None
    sku_id: int
    options: dict[str, str]
    team_size: int
    most_seats: int
    steps: tuple[StepRow, ...]
    newcomers_only: bool
    price: Money
    single_price: Money
    saving: Money
    reason_zh: str
    reason_en: str
    window_minutes: int
    per_member_limit: int
    max_per_seat: int
    refund_rule: str
    refund_rule_label: str
    starts_at: datetime
    ends_at: datetime | None
    circle_id: int | None
    circle_name: str
    circle_slug: str
    is_open: bool
    is_demo: bool


@dataclass(frozen=True, slots=True)
class DealTotals:
    """What became of a deal's teams, counted from facts. people: paid seats that still live in succeeded teams."""

    forming: int
    succeeded: int
    failed: int
    people: int


def open_deals(
    *, viewer: Member | None, circle_id: int | None = None, before: int | None = None, limit: int = 20, now: datetime
) -> list[DealOffer]:
    """Deals that take new teams and that the viewer may see, newest first; `before` is the id of the last one seen."""
    deals = _visible(_running(now), viewer)
    if circle_id is not None:
        deals = deals.filter(circle_id=circle_id)
    if before is not None:
        deals = deals.filter(pk__lt=before)
    return as_offers(list(deals.order_by("-id")[: max(1, min(limit, MOST))]), now)


def open_deals_of(*, sku_id: int, viewer: Member | None, limit: int = 10, now: datetime) -> list[DealOffer]:
    """Open deals of one variant that the viewer may see, the cheapest first."""
    deals = _visible(_running(now), viewer).filter(sku_id=sku_id)
    return as_offers(list(deals.order_by("price_minor", "id")[: max(1, min(limit, MOST))]), now)


def deal_page(*, deal_id: int, viewer: Member | None, now: datetime) -> DealOffer | None:
    """One deal, also one that is over; None when the viewer may not know of it."""
    deal = _with_goods(GroupDeal.objects.all()).filter(pk=deal_id).first()
    if deal is None or not may_see(viewer, deal) or not is_guest(viewer, deal):
        return None
    return as_offers([deal], now)[0]


def deal_of_product(
    *, product_id: int, now: datetime, viewer: Member | None = None, circle_ids: Collection[int] = ()
) -> DealOffer | None:
    """The cheapest open deal of a product for the viewer; circle_ids: as in `offers`."""
    return offers(product_ids=[product_id], now=now, viewer=viewer, circle_ids=circle_ids).get(product_id)


def offers(
    *, product_ids: Collection[int], now: datetime, viewer: Member | None = None, circle_ids: Collection[int] = ()
) -> dict[int, DealOffer]:
    """For each product that has one, its cheapest open deal, in three queries and one more for a member; in one where none has.

    circle_ids: without a viewer, circles whose deals are seen too.
    """
    if not planned.rows(RUNNING, {"products": list(product_ids), "now": now}):
        return {}
    deals = (
        _visible(_running(now), viewer, circle_ids)
        .filter(sku__product_id__in=product_ids)
        .order_by("-price_minor", "id")
    )
    cheapest = {deal.sku.product_id: deal for deal in deals}
    return {offer.product_id: offer for offer in as_offers(list(cheapest.values()), now)}


RUNNING = """SELECT FROM catalogue_sku x JOIN deals_groupdeal g ON g.sku_id = x.id
WHERE x.product_id = ANY(%(products)s::bigint[]) AND g.starts_at <= %(now)s
    AND (g.ends_at IS NULL OR g.ends_at > %(now)s) AND (g.stopped_at IS NULL OR g.stopped_at > %(now)s) LIMIT 1"""

CHEAPEST = """
SELECT DISTINCT ON (x.product_id) x.product_id, g.price_minor, g.currency
FROM catalogue_sku x JOIN catalogue_product p ON p.id = x.product_id JOIN deals_groupdeal g ON g.sku_id = x.id
    LEFT JOIN circles_circle c ON c.id = g.circle_id
WHERE x.product_id = ANY(%(products)s::bigint[]) AND x.is_active AND p.state = 'on_sale' AND g.starts_at <= %(now)s
    AND (g.ends_at IS NULL OR g.ends_at > %(now)s) AND (g.stopped_at IS NULL OR g.stopped_at > %(now)s)
    AND NOT g.for_guests AND (c.id IS NULL OR c.admission = 'open' OR c.id = ANY(%(circles)s::bigint[]))
ORDER BY x.product_id, g.price_minor
"""


def team_prices(
    *, product_ids: Collection[int], now: datetime, viewer: Member | None = None, circle_ids: Collection[int] = ()
) -> dict[int, Money]:
    """The price of each of `offers`, for cards, in one statement and one more for a member."""
    mine = my_circle_ids(viewer) if viewer is not None else circle_ids
    found = planned.rows(CHEAPEST, {"products": list(product_ids), "circles": list(mine), "now": now})
    return {product_id: Money(price_minor, currency) for product_id, price_minor, currency in found}


def totals(*, deal_ids: Collection[int]) -> dict[int, DealTotals]:
    """Counts of teams and people for each deal."""
    teams = Team.objects.filter(deal_id__in=deal_ids).values("deal_id").order_by("deal_id")
    rows = teams.annotate(
        forming=Count("id", filter=Q(state=TeamState.FORMING)),
        succeeded=Count("id", filter=Q(state=TeamState.SUCCEEDED)),
        failed=Count("id", filter=Q(state=TeamState.FAILED)),
    )
    seats = Seat.objects.filter(deal_id__in=deal_ids, state=SeatState.PAID, team__state=TeamState.SUCCEEDED)
    people = dict(seats.values_list("deal_id").order_by("deal_id").annotate(Count("member", distinct=True)))
    found = {
        row["deal_id"]: DealTotals(row["forming"], row["succeeded"], row["failed"], people.get(row["deal_id"], 0))
        for row in rows
    }
    return {deal_id: found.get(deal_id, DealTotals(0, 0, 0, 0)) for deal_id in deal_ids}


def as_offers(deals: list[GroupDeal], now: datetime) -> list[DealOffer]:
    """Rows for deals that were read with their goods and circle."""
    pictures = first_pictures({deal.sku.product_id for deal in deals}) if deals else {}
    return [_offer(deal, pictures.get(deal.sku.product_id), now) for deal in deals]


def _offer(deal: GroupDeal, picture: Picture | None, now: datetime) -> DealOffer:
    sku, product, circle = deal.sku, deal.sku.product, deal.circle
    price, single = Money(deal.price_minor, deal.currency), Money(sku.price_minor, sku.currency)
    reason_zh, reason_en = labels(deal)
    ends = [end for end in (deal.ends_at, deal.stopped_at) if end is not None]
    return DealOffer(
        id=deal.pk,
        product_id=product.pk,
        product_slug=product.slug,
        product_name=product.name,
        picture=picture,
        sku_id=sku.pk,
        options=sku.options,
        team_size=deal.team_size,
        most_seats=deal.most_seats,
        steps=step_rows(deal),
        newcomers_only=deal.newcomers_only,
        price=price,
        single_price=single,
        saving=max(single - price, Money.zero(single.currency)),
        reason_zh=reason_zh,
        reason_en=reason_en,
        window_minutes=deal.window_minutes,
        per_member_limit=deal.per_member_limit,
        max_per_seat=deal.max_per_seat,
        refund_rule=deal.refund_rule,
        refund_rule_label=deal.get_refund_rule_display(),
        starts_at=deal.starts_at,
        ends_at=min(ends, default=None),
        circle_id=deal.circle_id,
        circle_name=circle.name if circle else "",
        circle_slug=circle.slug if circle else "",
        is_open=deal.starts_at <= now and all(now < end for end in ends) and is_on_sale(deal),
        is_demo=deal.is_demo,
    )


def step_rows(deal: GroupDeal) -> tuple[StepRow, ...]:
    """A deal's ladder; empty when more people change nothing."""
    if not deal.steps or deal.steps[-1][1] == deal.price_minor:
        return ()
    steps = rules.ladder(team_size=deal.team_size, price_minor=deal.price_minor, steps=deal.steps)
    return tuple(StepRow(step.people, Money(step.price_minor, deal.currency)) for step in steps)


def is_on_sale(deal: GroupDeal) -> bool:
    """Whether the deal's goods are sold at all now."""
    return deal.sku.is_active and deal.sku.product.state == ProductState.ON_SALE


def _with_goods(deals: QuerySet[GroupDeal]) -> QuerySet[GroupDeal]:
    return deals.select_related("sku__product", "circle")


def _running(now: datetime) -> QuerySet[GroupDeal]:
    on_sale = Q(sku__is_active=True, sku__product__state=ProductState.ON_SALE)
    times = (
        Q(starts_at__lte=now) & (Q(ends_at=None) | Q(ends_at__gt=now)) & (Q(stopped_at=None) | Q(stopped_at__gt=now))
    )
    return _with_goods(GroupDeal.objects.filter(on_sale & times))


def _visible(
    deals: QuerySet[GroupDeal], viewer: Member | None, circle_ids: Collection[int] = ()
) -> QuerySet[GroupDeal]:
    """Deals of the shop and of open circles, and those of the viewer's own circles; those for guests stand where they were asked for."""
    mine = my_circle_ids(viewer) if viewer is not None else circle_ids
    return deals.filter(for_guests=False).filter(
        Q(circle=None) | Q(circle__admission=Admission.OPEN) | Q(circle_id__in=mine)
    )
