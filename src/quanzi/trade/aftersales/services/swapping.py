"""Another variant that costs more: an order of its own, for which what the buyer has counts; refunds reach both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quanzi.goods.catalogue.models import Sku
from quanzi.kernel import crash
from quanzi.people.accounts.models import Address
from quanzi.people.contact.services import notify
from quanzi.trade.aftersales import errors, rules
from quanzi.trade.aftersales.models import ClaimState, Return
from quanzi.trade.aftersales.queries.holding import exchange_ref, money_behind
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import DeliveryMethod, Order, OrderLine, OrderRefund, OrderState
from quanzi.trade.sales.services.limiting import APPROVED, check_limits
from quanzi.trade.sales.services.moving import lock_order

NOT_EXCHANGED = "not_exchanged"


@dataclass(frozen=True)
class Where:
    """Where the other goods go: to an address of the buyer, or to an open pickup point."""

    address_id: int | None = None
    pickup_point_id: int | None = None


def usual_way(order: Order) -> Where:
    """As the first goods went; of addresses the buyer's usual one, as the first one's is only a copy."""
    if order.method == DeliveryMethod.PICKUP:
        return Where(pickup_point_id=order.pickup_point_id)
    address = Address.objects.filter(member_id=order.member_id).order_by("-is_default", "pk").first()
    return Where(address_id=address.pk if address else None)


def order_other(found: Return, other: Sku, *, where: Where | None = None, now: datetime) -> Order:
    """The dearer variant is held by an order over the difference. Raises what placing raises."""
    line, order = found.claim.line, found.claim.line.order
    where = where or usual_way(order)
    return sales.place_order(
        member=order.member, lines=[(other.pk, line.quantity)],
        method=DeliveryMethod.DELIVERY if where.pickup_point_id is None else DeliveryMethod.PICKUP,
        address_id=where.address_id, pickup_point_id=where.pickup_point_id,
        context={"return_id": found.pk, "circle_id": None}, waits_for=exchange_ref(found.pk), origin=order.origin,
        idempotency_key=exchange_ref(found.pk), pay_by=now + rules.PAY_DIFFERENCE_WITHIN, now=now,
    )  # fmt: skip


def bind(order: Order, *, return_id: int) -> None:
    Return.objects.filter(pk=return_id, new_order=None).update(new_order=order)
    crash.point("aftersales.exchange.ordered")


def is_wanted(order: Order) -> bool:
    """Whether the difference still buys something: late money for an exchange that fell away goes back."""
    return Return.objects.filter(new_order=order, claim__state=ClaimState.OPEN, ended_at=None).exists()


def fall_away(order: Order, *, now: datetime) -> None:
    """The difference was not paid, or went back: while nothing is decided, the goods may come back for money, or stay."""
    found = (
        Return.objects.select_related("claim__line__order")
        .filter(new_order=order, claim__state=ClaimState.OPEN)
        .first()
    )
    if found is None:
        return
    found.for_sku = found.new_order = None
    found.save(update_fields=["for_sku", "new_order"])
    claim = found.claim
    notify(
        member_id=claim.member_id, kind="exchange_unpaid", params={"product": claim.line.title},
        link=f"/o/{claim.line.order.number}", key=f"exchange_unpaid:{order.pk}", now=now,
    )  # fmt: skip


def send_other(found: Return, order_id: int, *, is_sellable: bool, actor: str, now: datetime) -> None:
    """The goods came back and stay the shop's with what was paid for them; the order of the others goes on its way.

    Raises DifferenceNotPaid.
    """
    other = lock_order(order_id, now=now, hold=False)
    if other.state != OrderState.PAID:
        raise errors.DifferenceNotPaid()
    sales.take_back(line_id=found.claim.line_id, is_sellable=is_sellable, actor=actor, now=now)
    crash.point("aftersales.exchange.taken_back")
    found.is_sellable = is_sellable
    found.save(update_fields=["is_sellable"])
    sales.release(order_id=other.pk, now=now)


def let_go_of(order_id: int, *, now: datetime) -> None:
    """It was decided otherwise: the order of the other variant ends, and what was paid for it goes back."""
    other = lock_order(order_id, now=now, hold=False)
    if other.state == OrderState.PLACED:
        sales.cancel_order(order_id=other.pk, actor="system", reason=NOT_EXCHANGED, now=now)
    elif other.state == OrderState.PAID:
        sales.refund_order(
            order_id=other.pk, reason=NOT_EXCHANGED, actor="system", idempotency_key=NOT_EXCHANGED, now=now
        )


def refund(*, line_id: int, amount_minor: int | None, **how: Any) -> OrderRefund:
    """`sales.refund_line`, for a line and the money that stands behind it: that of the earlier goods goes first, and the
    line's own goes back whole only when everything does, as it then counts as returned.

    It is one decision: the whole of it counts for the limit of one person. The order, and with it those behind, is locked by
    the caller. Returns the refund that was made last. Raises what refund_line raises.
    """
    behind = money_behind(line_id)
    line = OrderLine.objects.select_related("order").get(pk=line_id)
    left = line.paid_minor - line.refunded_minor + sum(one.left_minor for one in behind)
    if not behind or (amount_minor is not None and amount_minor > left):
        return sales.refund_line(line_id=line_id, amount_minor=amount_minor, **how)
    rest = left if amount_minor is None else amount_minor
    if not how.get("is_approved"):
        others = [one.order_id for one in behind]
        check_limits(line.order, rest, others=others, actor=how["actor"], now=how["now"])
        how["is_approved"] = True
    made = None
    for one in behind:
        if part := min(one.left_minor, rest):
            made = sales.refund_line(line_id=one.line_id, amount_minor=part, **{**how, "goods_back": False})
            crash.point("aftersales.exchange.one_refunded")
            rest -= part
    if made is None or rest:
        made = sales.refund_line(line_id=line_id, amount_minor=None if amount_minor in (None, left) else rest, **how)
    return made


def give_back_behind(order: Order, *, now: datetime) -> None:
    """The order of the other variant went back whole: so does what was paid for the goods before, as one decision with it."""
    line = order.lines.get()
    last = order.refunds.order_by("-pk").first()
    assert last is not None, "it went back by a refund"
    key = last.idempotency_key if last.idempotency_key.startswith(APPROVED) else f"with:{order.pk}"
    for one in money_behind(line.pk):
        if one.left_minor:
            crash.point("aftersales.exchange.first_of_both")
            sales.refund_line(
                line_id=one.line_id, reason=last.reason, actor=last.actor, idempotency_key=key, is_approved=True, now=now
            )  # fmt: skip
