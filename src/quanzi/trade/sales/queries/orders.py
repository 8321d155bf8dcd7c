"""Lists of orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, F, OuterRef, Q, QuerySet, StringAgg, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat

from quanzi.base.media.models import Picture
from quanzi.goods.catalogue.queries.cards import first_pictures
from quanzi.goods.stock.models import Movement, MovementKind, ReservationState
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.sight import seen
from quanzi.trade.sales.models import Order, OrderLine, OrderState
from quanzi.trade.sales.rules import clean

GROUPS: dict[str, Q] = {
    "all": Q(),
    "unpaid": Q(state=OrderState.PLACED),
    "waiting": Q(state=OrderState.PAID),
    "under_way": Q(state=OrderState.HANDED_OVER),
    "received": Q(state__in=[OrderState.RECEIVED, OrderState.COMPLETED]),
    "ended": Q(state__in=[OrderState.CANCELLED, OrderState.REFUNDED]),
}
"""How a member's orders are sorted into tabs."""


@dataclass(frozen=True)
class LineRow:
    """One line of an order. `paid` is what the whole line cost; the windows are None until it is received.
    return_rule: as it stood when it was ordered; gave_up_return: confirmed for this purchase.

    refunded: None for staff and leaders whose role does not read refunds.
    """

    id: int
    product_id: int
    product_slug: str
    return_rule: str
    gave_up_return: bool
    sku_id: int
    title: str
    picture: Picture | None
    quantity: int
    list_price: Money
    unit_price: Money
    paid: Money
    refunded: Money | None
    lot_code: str
    is_earned: bool
    handed_over_at: datetime | None
    received_at: datetime | None
    claim_closes_at: datetime | None
    return_closes_at: datetime | None
    is_disputed: bool
    said_kept_at: datetime | None
    kept_at: datetime | None
    returned_at: datetime | None
    dropped_at: datetime | None

    @property
    def may_say_kept(self) -> bool:
        """Whether "我留下了" is still to be said."""
        arrived = self.received_at is not None and self.returned_at is None
        return arrived and not self.is_disputed and self.said_kept_at is None

    @property
    def left_to_refund(self) -> Money | None:
        return None if self.refunded is None else self.paid - self.refunded

    @property
    def is_refunded(self) -> bool:
        """In full, as far as the reader may know."""
        return self.refunded is not None and self.refunded.minor >= self.paid.minor


@dataclass(frozen=True)
class OrderCard:
    """An order in a list. `waits_for` is like "team:12" until the order is released, then still tells what it was.

    refunded: None for staff and leaders whose role does not read refunds.
    """

    id: int
    number: str
    member_id: int
    member_name: str
    state: str
    origin: str
    amount: Money
    refunded: Money | None
    method: str
    point_name: str
    waits_for: str
    placed_at: datetime
    pay_by: datetime
    paid_at: datetime | None
    released_at: datetime | None
    end_reason: str
    lines: tuple[LineRow, ...]

    @property
    def is_waiting(self) -> bool:
        """Paid, but what it waits for is not done yet."""
        return self.state == OrderState.PAID and self.released_at is None


def my_orders(*, member_id: int, group: str = "all", before_id: int | None = None, limit: int = 20) -> list[OrderCard]:
    """A member's orders, the one placed last first, then those after `before_id`. group: a key of GROUPS.

    By the moment and not by the id: what was imported came later than it happened.
    """
    found = Order.objects.filter(GROUPS[group], member_id=member_id)
    if before_id is not None:
        seen_last = Order.objects.filter(pk=before_id, member_id=member_id).values("placed_at")[:1]
        found = found.alias(bound=Subquery(seen_last)).filter(
            Q(placed_at__lt=F("bound")) | Q(placed_at=F("bound"), pk__lt=before_id)
        )
    return _in_cards(found.order_by("-placed_at", "-pk")[:limit])


def orders_by_state(
    *, viewer: Member, states: Sequence[str] = (), words: str = "", before_id: int | None = None, limit: int = 50
) -> list[OrderCard]:
    """Everybody's orders for the staff, newest first; words: part of a number or of the buyer's name."""
    found = Order.objects.filter(state__in=states) if states else Order.objects.all()
    words = clean(words)
    if words:
        found = found.filter(Q(number__icontains=words) | Q(member__name__icontains=words))
    return [seen_card(viewer, card) for card in _cards(found, before_id, limit)]


def seen_card(viewer: Member, card: OrderCard) -> OrderCard:
    """An order as somebody reads it who is not its buyer."""
    lines = tuple(seen(viewer, line, refunded="refund") for line in card.lines)
    return seen(viewer, replace(card, lines=lines), refunded="refund")


def group_counts(*, member_id: int) -> dict[str, int]:
    """How many orders stand in each group."""
    counts = {name: Count("pk", filter=rule) if rule else Count("pk") for name, rule in GROUPS.items()}
    return Order.objects.filter(member_id=member_id).aggregate(**counts)


def find_by_key(*, member_id: int, idempotency_key: str) -> Order | None:
    """The order that a member's request made, if it got so far."""
    return Order.objects.filter(member_id=member_id, idempotency_key=idempotency_key).first()


def _cards(found: QuerySet[Order], before_id: int | None, limit: int) -> list[OrderCard]:
    if before_id is not None:
        found = found.filter(pk__lt=before_id)
    return _in_cards(found.order_by("-pk")[:limit])


def _in_cards(found: QuerySet[Order]) -> list[OrderCard]:
    orders = list(found.select_related("member", "pickup_point"))
    lines = line_rows(orders)
    return [card_of(order, lines[order.pk]) for order in orders]


def card_of(order: Order, lines: Sequence[LineRow]) -> OrderCard:
    """order: with its member and pickup point loaded."""
    return OrderCard(
        id=order.pk,
        number=order.number,
        member_id=order.member_id,
        member_name=order.member.name,
        state=order.state,
        origin=order.origin,
        amount=Money(order.amount_minor, order.currency),
        refunded=Money(order.refunded_minor, order.currency),
        method=order.method,
        point_name=order.pickup_point.name if order.pickup_point else "",
        waits_for=order.waits_for,
        placed_at=order.placed_at,
        pay_by=order.pay_by,
        paid_at=order.paid_at,
        released_at=order.released_at,
        end_reason=order.end_reason,
        lines=tuple(lines),
    )


LOT_CODES = Subquery(
    Movement.objects.filter(
        reservation__ref=Concat(Value("order_line:"), Cast(OuterRef("pk"), TextField())),
        reservation__state=ReservationState.CONSUMED, kind=MovementKind.SOLD, lot__isnull=False,
    ).order_by().values("reservation").annotate(codes=StringAgg("lot__code", Value(" · "), order_by="id")).values("codes")
)  # fmt: skip
"""The lots of which a line was given, as one text: mostly one."""


def line_rows(orders: Sequence[Order]) -> dict[int, list[LineRow]]:
    """The lines of these orders, by order."""
    currency = {order.pk: order.currency for order in orders}
    rows: dict[int, list[LineRow]] = {order.pk: [] for order in orders}
    lines = OrderLine.objects.filter(order_id__in=currency).select_related("product").annotate(lot_codes=LOT_CODES)
    lines = lines.order_by("id")
    pictures = first_pictures({line.product_id for line in lines})
    for line in lines:
        rows[line.order_id].append(_line(line, currency[line.order_id], pictures.get(line.product_id)))
    return rows


def _line(line: OrderLine, currency: str, picture: Picture | None) -> LineRow:
    return LineRow(
        id=line.pk,
        product_id=line.product_id,
        product_slug=line.product.slug,
        return_rule=line.return_rule,
        gave_up_return=line.gave_up_return,
        sku_id=line.sku_id,
        title=line.title,
        picture=picture,
        quantity=line.quantity,
        list_price=Money(line.list_minor, currency),
        unit_price=Money(line.unit_minor, currency),
        paid=Money(line.paid_minor, currency),
        refunded=Money(line.refunded_minor, currency),
        lot_code=getattr(line, "lot_codes", None) or "",
        is_earned=line.released_at is not None,
        handed_over_at=line.handed_over_at,
        received_at=line.received_at,
        claim_closes_at=line.claim_closes_at,
        return_closes_at=line.return_closes_at,
        is_disputed=line.disputed_at is not None,
        said_kept_at=line.said_kept_at,
        kept_at=line.kept_at,
        returned_at=line.returned_at,
        dropped_at=line.dropped_at,
    )
