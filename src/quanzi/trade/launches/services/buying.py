"""A turn becomes an order; an order that ends without goods gives its units to the next.

Order of locks: launch → turn at the goods → order → stock.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from quanzi.goods.stock.services.turns import take_turn
from quanzi.kernel import crash
from quanzi.people.accounts.models import Member
from quanzi.trade.launches import errors
from quanzi.trade.launches.models import Launch, LaunchState, Place, PlaceState
from quanzi.trade.launches.rules import KIND
from quanzi.trade.launches.services import shelf, turning
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order, OrderLine, OrderOrigin


@transaction.atomic
def order_turn(
    *,
    launch_id: int,
    member: Member,
    quantity: int,
    method: str,
    address_id: int | None = None,
    pickup_point_id: int | None = None,
    note: str = "",
    expected_amount_minor: int | None = None,
    idempotency_key: str,
    origin: str = OrderOrigin.SHOP,
    without_return: Collection[int] = (),
    now: datetime,
) -> Order:
    """Order with the turn that one has. The same key with the same content returns the same order.

    Raises NoSuchLaunch, NotYourTurn, TurnOver, MoreThanTurn, or what placing an order raises.
    """
    launch = turning.locked(launch_id)
    if not Order.objects.filter(member=member, idempotency_key=idempotency_key).exists():
        _check_turn(launch, member, quantity, now)
        take_turn(launch.sku_id)
        shelf.let_go(launch, quantity, now)
        launch.save(update_fields=["held"])
        crash.point("launches.order.goods_free")
    order: Order = sales.place_order(
        member=member,
        lines=[(launch.sku_id, quantity)],
        method=method,
        address_id=address_id,
        pickup_point_id=pickup_point_id,
        note=note,
        context={"launch_id": launch_id},
        waits_for=f"{KIND}:{launch_id}",
        pay_by=now + timedelta(minutes=launch.turn_minutes),
        expected_amount_minor=expected_amount_minor,
        idempotency_key=idempotency_key,
        origin=origin,
        without_return=without_return,
        now=now,
    )
    return order


def _check_turn(launch: Launch, member: Member, quantity: int, now: datetime) -> Place:
    place = Place.objects.filter(launch=launch, member=member).order_by("-id").first()
    if launch.state != LaunchState.SELLING and launch.state != LaunchState.PLANNED:
        raise errors.LaunchOver()
    if place is None:
        raise errors.NotIn()
    if place.state == PlaceState.PASSED or (place.turn_until is not None and place.turn_until <= now):
        raise errors.TurnOver()
    if place.state != PlaceState.TURN:
        raise errors.NotYourTurn()
    if not 1 <= quantity <= place.granted:
        raise errors.MoreThanTurn(field="quantity", most=place.granted)
    return place


def hold(launch_id: int) -> None:
    """Before an order's row is locked: the launch, then its goods."""
    launch = turning.locked(launch_id)
    take_turn(launch.sku_id)


def use_turn(*, order: Order, launch_id: int, now: datetime) -> None:
    """A new order takes the turn of its buyer; units that it leaves go to the next. Raises as `order_turn`."""
    launch = turning.locked(launch_id)
    units = sum(OrderLine.objects.filter(order=order).values_list("quantity", flat=True))
    place = _check_turn(launch, order.member, units, now)
    launch.taken -= place.granted - units
    place.state, place.order, place.granted = PlaceState.ORDERED, order, units
    place.save(update_fields=["state", "order", "granted"])
    crash.point("launches.order.turn_used")
    turning.advance(launch, now)


def settle_paid(*, order: Order, launch_id: int, now: datetime) -> bool:
    """The money counts while the order has its place; then its goods may be prepared."""
    if not Place.objects.filter(order=order, state=PlaceState.ORDERED).exists():
        return False
    sales.release(order_id=order.pk, now=now)
    turning.advance(turning.locked(launch_id), now)
    return True


def give_up(*, order: Order, launch_id: int, now: datetime) -> None:
    """The order ended: its units are the next one's, unless they left the house or the launch is over. Safe to repeat."""
    place = Place.objects.filter(order=order, state=PlaceState.ORDERED).first()
    if place is None or OrderLine.objects.filter(order=order, handed_over_at__isnull=False).exists():
        return
    launch = turning.locked(launch_id)
    place.state, place.ended_at = PlaceState.ENDED, now
    place.save(update_fields=["state", "ended_at"])
    launch.taken -= place.granted
    if launch.state == LaunchState.SELLING:
        shelf.set_aside(launch, place.granted, now)
    launch.save(update_fields=["taken", "held"])
    crash.point("launches.give_up.written")
    turning.advance(launch, now)
