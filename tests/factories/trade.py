"""The smallest valid orders, and what happens to them: paid, handed over, received."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

from quanzi.base.events.services import deliver_pending
from quanzi.goods.catalogue.models import Sku
from quanzi.kernel import clock
from quanzi.people.accounts.models import Address, Member
from quanzi.people.accounts.services import add_address, create_member
from quanzi.trade.fulfilment import services as fulfilment
from quanzi.trade.fulfilment.models import Fulfilment
from quanzi.trade.payments import services as payments
from quanzi.trade.payments.models import Payment
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order, PickupPoint
from tests.factories.goods import make_sku

_numbers = count(1)


def make_buyer(name: str = "", *, now: datetime | None = None) -> Member:
    number = next(_numbers)
    return create_member(name=name or f"买家{number}", email=f"b{number}@trade.example", now=now or clock.now())


def make_staff(role: str = "operator", *, now: datetime | None = None) -> Member:
    member = make_buyer(f"店员{role}", now=now)
    Member.objects.filter(pk=member.pk).update(is_staff=True, staff_role=role)
    member.refresh_from_db()
    return member


def make_address(member: Member, *, now: datetime | None = None) -> Address:
    return add_address(
        member=member,
        recipient=member.name,
        phone="13800000001",
        region_code="310101",
        detail="人民路 1 号 502",
        now=now or clock.now(),
    )


def make_point(*, leader: Member | None = None, now: datetime | None = None, **fields: Any) -> PickupPoint:
    return sales.open_pickup_point(
        **{"name": "锦绣花园东门", "address": "锦绣路 8 号", "hours": "17:00-20:00", **fields},
        leader=leader or make_buyer(now=now),
        actor="test",
        now=now or clock.now(),
    )


def make_order(
    *,
    member: Member | None = None,
    sku: Sku | None = None,
    quantity: int = 1,
    point: PickupPoint | None = None,
    now: datetime | None = None,
    **fields: Any,
) -> Order:
    """A delivery, or with `point` a pickup, of one SKU that is in stock."""
    now = now or clock.now()
    member = member or make_buyer(now=now)
    lines = fields.pop("lines", None) or [((sku or make_sku(stock_of=10, now=now)).pk, quantity)]
    if point is not None:
        where: dict[str, Any] = {"method": "pickup", "pickup_point_id": point.pk}
    else:
        where = {"method": "delivery", "address_id": make_address(member, now=now).pk}
    usual = {"idempotency_key": f"order-{next(_numbers)}"}
    return sales.place_order(member=member, lines=lines, now=now, **{**usual, **where, **fields})


def start_payment(order: Order, *, now: datetime | None = None) -> Payment:
    """A payment that waits for cash."""
    return payments.start(
        payable_kind="order",
        payable_id=order.pk,
        provider="offline",
        member_id=order.member_id,
        idempotency_key=f"pay-{next(_numbers)}",
        return_url="",
        now=now or clock.now(),
    ).payment


def capture(payment: Payment, *, now: datetime | None = None) -> Payment:
    return payments.capture_offline(
        payment_id=payment.pk, reference=f"cash-{payment.pk}", actor="test", now=now or clock.now()
    )


def pay(order: Order, *, now: datetime | None = None) -> Order:
    """Pay in cash; the order as it is afterwards."""
    capture(start_payment(order, now=now), now=now)
    order.refresh_from_db()
    return order


def make_paid_order(*, now: datetime | None = None, **fields: Any) -> Order:
    return pay(make_order(now=now, **fields), now=now)


def open_fulfilment(order: Order, *, now: datetime | None = None) -> Fulfilment:
    """Deliver what was announced, so that the order stands on the work list."""
    deliver_pending(now=now or clock.now())
    return Fulfilment.objects.get(order=order)


def make_received_order(*, now: datetime | None = None, **fields: Any) -> Order:
    """Paid and handed over; a delivery is confirmed by its buyer."""
    now = now or clock.now()
    order = make_paid_order(now=now, **fields)
    sales.mark_handed_over(order_id=order.pk, now=now)
    if order.method == "delivery":
        sales.confirm_receipt(order_id=order.pk, member=order.member, now=now)
    order.refresh_from_db()
    return order


def picked_up(order: Order, *, staff: Member, now: datetime | None = None) -> Fulfilment:
    """Made ready and handed over at the point with the buyer's code."""
    now = now or clock.now()
    found = fulfilment.make_ready(fulfilment_id=open_fulfilment(order, now=now).pk, actor="test", now=now)
    return fulfilment.hand_over(fulfilment_id=found.pk, actor_member=staff, code=found.pickup_code, now=now)
