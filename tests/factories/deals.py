"""The smallest valid deals and teams, and the money that fills them."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

from django.db import connection

from quanzi.base import doctor
from quanzi.base.events.services import deliver_pending
from quanzi.goods.catalogue.models import Sku
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.services import create_member
from quanzi.trade.deals import services as deals
from quanzi.trade.deals.models import GroupDeal, Seat, Team
from quanzi.trade.payments import services as payments
from quanzi.trade.payments.models import Payment
from quanzi.trade.sales.models import Order, PickupPoint
from tests.factories.goods import make_sku

_numbers = count(1)


def make_buyer(name: str = "", *, now: datetime | None = None) -> Member:
    number = next(_numbers)
    return create_member(name=name or f"买家{number}", email=f"b{number}@deals.example", now=now or clock.now())


def make_point(*, leader: Member | None = None) -> PickupPoint:
    return PickupPoint.objects.create(
        name="锦绣花园东门", leader=leader or make_buyer(), address="锦绣路 8 号", hours="17:00-20:00"
    )


def make_deal(*, sku: Sku | None = None, stock_of: int = 100, now: datetime | None = None, **terms: Any) -> GroupDeal:
    """Three people, 34.90 instead of 39.90, one hour."""
    now = now or clock.now()
    sku = sku or make_sku(price_minor=3_990, stock_of=stock_of, now=now)
    usual = {"team_size": 3, "price_minor": 3_490, "window_minutes": 60, "reason_zh": "三份同箱，省分装"}
    return deals.create_deal(sku=sku, actor="test", now=now, **{**usual, **terms})


def open_team(
    deal: GroupDeal, member: Member, *, point: PickupPoint | None = None, now: datetime | None = None, **more: Any
) -> tuple[Team, Order]:
    return deals.open_team(deal_id=deal.pk, member=member, now=now or clock.now(), **_ordering(point, more))


def join_team(
    team: Team, member: Member, *, point: PickupPoint | None = None, now: datetime | None = None, **more: Any
) -> tuple[Team, Order]:
    return deals.join_team(team_code=team.code, member=member, now=now or clock.now(), **_ordering(point, more))


def start_payment(order: Order, *, now: datetime | None = None) -> Payment:
    """A payment that waits for cash."""
    return payments.start(
        payable_kind="order",
        payable_id=order.pk,
        provider="offline",
        member_id=order.member_id,
        idempotency_key=f"test:{next(_numbers)}",
        return_url="/",
        now=now or clock.now(),
    ).payment


def capture(payment: Payment, *, now: datetime | None = None) -> Payment:
    return payments.capture_offline(payment_id=payment.pk, reference="", actor="test", now=now or clock.now())


def pay(order: Order, *, now: datetime | None = None) -> Payment:
    return capture(start_payment(order, now=now), now=now)


def assert_deals_add_up() -> None:
    """Deferred checks pass, every event is told, and the doctor finds nothing at all."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    while deliver_pending():
        pass
    assert [result for result in doctor.run() if not result.is_well] == []


def seat_of(order: Order) -> Seat:
    return Seat.objects.get(order=order)


def _ordering(point: PickupPoint | None, more: dict[str, Any]) -> dict[str, Any]:
    point = point or PickupPoint.objects.first() or make_point()
    return {
        "method": "pickup",
        "pickup_point_id": point.pk,
        "idempotency_key": f"test:{next(_numbers)}",
        **more,
    }
