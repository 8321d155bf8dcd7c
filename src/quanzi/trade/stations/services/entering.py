"""A place in a round: taken with an order, given back when the order ends without goods.

Order of locks: round → order → stock → goods of the round → stop. The cut-off takes the round alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from quanzi.base import planned
from quanzi.kernel import crash
from quanzi.people.accounts.models import Member
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import DeliveryMethod, Order, OrderOrigin
from quanzi.trade.sales.rules import clean
from quanzi.trade.stations import errors, rules
from quanzi.trade.stations.models import Entry, Round, RoundGood, Station, Stop

SHARE = "SELECT state, opens_at, cut_off_at FROM stations_round WHERE id = %s FOR SHARE"

TAKE = """
UPDATE stations_roundgood g SET taken = g.taken + l.units
FROM (SELECT sku_id, sum(quantity) AS units FROM sales_orderline WHERE order_id = %(order)s AND sku_id = %(sku)s GROUP BY sku_id) l
WHERE g.round_id = %(round)s AND g.sku_id = l.sku_id AND g.taken + l.units <= g.most RETURNING g.id
"""

SKUS = "SELECT DISTINCT sku_id FROM sales_orderline WHERE order_id = %s ORDER BY sku_id"

STOP = """
UPDATE stations_stop p SET taken = taken + 1
WHERE p.round_id = %(round)s AND p.taken < p.capacity
  AND p.station_id = (SELECT id FROM stations_station WHERE point_id = %(point)s) RETURNING p.id
"""

FREE_GOODS = """
UPDATE stations_roundgood g SET taken = g.taken - l.units
FROM (SELECT sku_id, sum(quantity) AS units FROM sales_orderline WHERE order_id = %(order)s AND sku_id = %(sku)s GROUP BY sku_id) l
WHERE g.round_id = %(round)s AND g.sku_id = l.sku_id RETURNING g.id
"""

FREE_STOP = "UPDATE stations_stop SET taken = taken - 1 WHERE id = %s RETURNING id"

END = """
UPDATE stations_entry e SET ended_at = %s FROM stations_stop p
WHERE e.order_id = %s AND e.ended_at IS NULL AND p.id = e.stop_id RETURNING p.id, p.round_id
"""


@transaction.atomic
def order_in_round(
    *,
    round_id: int,
    station_id: int,
    member: Member,
    lines: Sequence[tuple[int, int]],
    to_door: str = "",
    note: str = "",
    expected_amount_minor: int | None = None,
    idempotency_key: str,
    from_cart: bool = False,
    without_return: Collection[int] = (),
    origin: str = OrderOrigin.SHOP,
    now: datetime,
) -> Order:
    """Order goods of a round, to be picked up at one of its stations; to_door: where its leader carries them.

    The same key with the same content returns the same order. Raises NoSuchRound, RoundClosed, NotInRound,
    StationNotInRound, RoundSoldOut, StationFull, NoDoor, or what placing an order raises.
    """
    cut_off_at = Round.objects.filter(pk=round_id).values_list("cut_off_at", flat=True).first()
    if cut_off_at is None:
        raise errors.NoSuchRound()
    share_round(round_id)
    point_id = Station.objects.filter(pk=station_id).values_list("point_id", flat=True).first()
    order: Order = sales.place_order(
        member=member,
        lines=lines,
        method=DeliveryMethod.PICKUP,
        pickup_point_id=point_id,
        note=note,
        context={"round_id": round_id, "to_door": clean(to_door)[:120]},
        waits_for=f"{rules.KIND}:{round_id}",
        pay_by=rules.pay_by(cut_off_at=cut_off_at, now=now),
        expected_amount_minor=expected_amount_minor,
        idempotency_key=idempotency_key,
        from_cart=from_cart,
        without_return=without_return,
        origin=origin,
        now=now,
    )
    return order


def share_round(round_id: int) -> tuple[str, datetime, datetime]:
    """The round's state and times, which stay as they are until this transaction ends. Raises NoSuchRound."""
    found = planned.rows(SHARE, [round_id])
    if not found:
        raise errors.NoSuchRound()
    state, opens_at, cut_off_at = found[0]
    return state, opens_at, cut_off_at


def enter(*, order: Order, round_id: int, context: Mapping[str, Any], now: datetime) -> Entry:
    """Take a place for a new order: its goods from the round, and one order at the stop. The updates decide."""
    state, opens_at, cut_off_at = share_round(round_id)
    if not rules.takes_orders(state=state, opens_at=opens_at, cut_off_at=cut_off_at, now=now):
        raise errors.RoundClosed()
    for (sku_id,) in planned.rows(SKUS, [order.pk]):
        if not planned.rows(TAKE, {"order": order.pk, "round": round_id, "sku": sku_id}):
            _refuse_goods(round_id, sku_id)
    crash.point("stations.enter.goods_taken")
    taken = planned.rows(STOP, {"round": round_id, "point": order.pickup_point_id})
    if not taken:
        in_round = Stop.objects.filter(round_id=round_id, station__point_id=order.pickup_point_id).exists()
        raise errors.StationFull() if in_round else errors.StationNotInRound()
    to_door = str(context.get("to_door", ""))
    if to_door and not Stop.objects.filter(pk=taken[0][0], station__brings_to_door=True).exists():
        raise errors.NoDoor()
    made: Entry = Entry.objects.create(
        stop_id=taken[0][0], order=order, member_id=order.member_id, entered_at=now, to_door=to_door
    )
    crash.point("stations.enter.written")
    return made


def _refuse_goods(round_id: int, sku_id: int) -> None:
    good = RoundGood.objects.select_related("sku__product").filter(round_id=round_id, sku_id=sku_id).first()
    if good is None:
        raise errors.NotInRound()
    raise errors.RoundSoldOut(title=good.sku.product.name, left=good.most - good.taken)


def may_still_pay(*, order: Order, now: datetime) -> bool:
    """Whether the money of an order counts: it came before the cut-off, and the order still has its place."""
    state, opens_at, cut_off_at = share_round(int(order.waits_for.removeprefix(f"{rules.KIND}:")))
    lives = Entry.objects.filter(order=order, ended_at=None).exists()
    return lives and rules.takes_orders(state=state, opens_at=opens_at, cut_off_at=cut_off_at, now=now)


def leave(*, order: Order, now: datetime) -> None:
    """The order ended without goods: its place is free again. Safe to repeat."""
    for stop_id, round_id in planned.rows(END, [now, order.pk]):
        for (sku_id,) in planned.rows(SKUS, [order.pk]):
            planned.rows(FREE_GOODS, {"order": order.pk, "round": round_id, "sku": sku_id})
        planned.rows(FREE_STOP, [stop_id])
        crash.point("stations.leave.place_free")
