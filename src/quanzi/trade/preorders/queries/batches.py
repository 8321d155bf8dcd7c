"""A batch for people: true counts, what it costs, what happened and what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from quanzi.base import planned
from quanzi.goods.catalogue.rules import variant_title
from quanzi.kernel.money import Money
from quanzi.trade.preorders import rules
from quanzi.trade.preorders.errors import NoSuchPreorder
from quanzi.trade.preorders.models import DateChange, News, Place, Preorder, PreorderGood, PreorderState


@dataclass(frozen=True, slots=True)
class GoodRow:
    """One variant: what one costs in full and what of that is paid ahead; `list_price` is what it costs elsewhere in the shop."""

    sku_id: int
    title: str
    price: Money
    deposit: Money
    list_price: Money

    @property
    def balance(self) -> Money:
        return self.price - self.deposit


@dataclass(frozen=True, slots=True)
class PreorderCard:
    """taken, threshold, most: units; takes_deposits and takes_balances: at the moment of reading."""

    id: int
    title: str
    story: str
    product_id: int
    product_slug: str
    product_name: str
    state: str
    taken: int
    threshold: int
    most: int
    limit_each: int
    opens_at: datetime
    closes_at: datetime
    balance_days: int
    promised_on: date
    balance_from: datetime | None
    balance_until: datetime | None
    reached_at: datetime | None
    decided_at: datetime | None
    ended_at: datetime | None
    end_reason: str
    takes_deposits: bool
    takes_balances: bool
    goods: tuple[GoodRow, ...]

    @property
    def left(self) -> int:
        return self.most - self.taken

    @property
    def missing(self) -> int:
        """Units until the batch is sure."""
        return max(0, self.threshold - self.taken)

    @property
    def from_price(self) -> Money:
        return min((good.price for good in self.goods), key=lambda price: price.minor)

    @property
    def from_deposit(self) -> Money:
        return min((good.deposit for good in self.goods), key=lambda price: price.minor)

    @property
    def percent(self) -> int:
        """Of the threshold, for a bar: 0 to 100."""
        return min(100, self.taken * 100 // self.threshold)


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """kind: opened, reached, made, missed, called_off, news, date, balance, done, and ahead of us closes, promised. text: news or reason."""

    kind: str
    at: datetime | None
    on: date | None = None
    text: str = ""
    is_done: bool = True


@dataclass(frozen=True, slots=True)
class PreorderPage:
    """people: members whose deposit counts."""

    card: PreorderCard
    people: int
    timeline: tuple[TimelineRow, ...]


def open_cards(*, now: datetime, limit: int = 50) -> list[PreorderCard]:
    """Batches that take deposits, the nearest end first; then those being made."""
    running = Q(state=PreorderState.OPEN, opens_at__lte=now, closes_at__gt=now) | Q(state=PreorderState.MADE)
    found = Preorder.objects.filter(running).order_by("-state", "closes_at", "id")
    return cards(found[:limit], now)


def card_of(*, preorder_id: int, now: datetime) -> PreorderCard:
    """One batch for the staff, also before it opens. Raises NoSuchPreorder."""
    card = next(iter(cards(Preorder.objects.filter(pk=preorder_id), now)), None)
    if card is None:
        raise NoSuchPreorder()
    return card


TAKING = """SELECT FROM preorders_preorder
WHERE product_id = %(product)s AND state = 'open' AND opens_at <= %(now)s AND closes_at > %(now)s LIMIT 1"""


def for_product(*, product_id: int, now: datetime) -> PreorderCard | None:
    """The batch of this product that takes deposits now, if any; most have none, and so it is asked for in few words first."""
    if not planned.rows(TAKING, {"product": product_id, "now": now}):
        return None
    found = Preorder.objects.filter(
        product_id=product_id, state=PreorderState.OPEN, opens_at__lte=now, closes_at__gt=now
    ).order_by("closes_at", "id")
    return next(iter(cards(found[:1], now)), None)


def preorder_page(*, preorder_id: int, now: datetime) -> PreorderPage:
    """Raises NoSuchPreorder, also for one that opens later."""
    found = Preorder.objects.filter(pk=preorder_id, opens_at__lte=now)
    card = next(iter(cards(found, now)), None)
    if card is None:
        raise NoSuchPreorder()
    people = Place.objects.filter(preorder_id=preorder_id, state__in=["held", "settled"]).count()
    return PreorderPage(card, people, timeline(card))


def cards(found: Iterable[Preorder], now: datetime) -> list[PreorderCard]:
    rows = list(found.select_related("product") if hasattr(found, "select_related") else found)
    goods: dict[int, list[GoodRow]] = {one.pk: [] for one in rows}
    asked = PreorderGood.objects.filter(preorder_id__in=goods).select_related("sku", "sku__product").order_by("id")
    for good in asked:
        goods[good.preorder_id].append(_good(good))
    return [_card(one, goods[one.pk], now) for one in rows]


def _good(good: PreorderGood) -> GoodRow:
    return GoodRow(
        sku_id=good.sku_id,
        title=variant_title(good.sku.product.name, good.sku.options),
        price=Money(good.price_minor, good.currency),
        deposit=Money(good.deposit_minor, good.currency),
        list_price=Money(good.sku.price_minor, good.currency),
    )


def _card(one: Preorder, goods: list[GoodRow], now: datetime) -> PreorderCard:
    return PreorderCard(
        id=one.pk, title=one.title, story=one.story, product_id=one.product_id, product_slug=one.product.slug,
        product_name=one.product.name, state=one.state, taken=one.taken, threshold=one.threshold, most=one.most,
        limit_each=one.limit_each, opens_at=one.opens_at, closes_at=one.closes_at, balance_days=one.balance_days,
        promised_on=one.promised_on, balance_from=one.balance_from, balance_until=one.balance_until,
        reached_at=one.reached_at, decided_at=one.decided_at, ended_at=one.ended_at, end_reason=one.end_reason,
        takes_deposits=rules.takes_deposits(
            state=one.state, opens_at=one.opens_at, closes_at=one.closes_at, now=now
        ) and one.taken < one.most,
        takes_balances=one.state == PreorderState.MADE
        and rules.takes_balances(balance_from=one.balance_from, balance_until=one.balance_until, now=now),
        goods=tuple(goods),
    )  # fmt: skip


def timeline(card: PreorderCard) -> tuple[TimelineRow, ...]:
    """What happened, in its order, then what was promised for later."""
    rows = [TimelineRow("opened", card.opens_at)]
    if card.reached_at:
        rows.append(TimelineRow("reached", card.reached_at))
    if card.decided_at and card.state in (PreorderState.MADE, PreorderState.DONE):
        rows.append(TimelineRow("made", card.decided_at))
    rows += [TimelineRow("news", one.told_at, text=one.text) for one in News.objects.filter(preorder_id=card.id)]
    changes = DateChange.objects.filter(preorder_id=card.id)
    rows += [TimelineRow("date", one.asked_at, on=one.after, text=one.reason) for one in changes]
    if card.balance_from:
        rows.append(TimelineRow("balance", card.balance_from))
    if card.ended_at and card.state != PreorderState.MADE:
        rows.append(TimelineRow(str(card.state), card.ended_at, text=card.end_reason))
    rows.sort(key=lambda row: row.at or card.opens_at)
    if card.state == PreorderState.OPEN:
        rows.append(TimelineRow("closes", card.closes_at, is_done=False))
    if card.state == PreorderState.MADE and card.balance_from is None:
        rows.append(TimelineRow("balance", None, is_done=False))
    if card.state in (PreorderState.OPEN, PreorderState.MADE):
        rows.append(TimelineRow("promised", None, on=card.promised_on, is_done=False))
    return tuple(rows)
