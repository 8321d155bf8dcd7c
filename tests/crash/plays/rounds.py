"""Rounds of stations: ordered in, cut off, counted on arrival, handed over."""

from __future__ import annotations

from datetime import datetime, timedelta

from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.trade.fulfilment.models import Fulfilment, LineLot
from quanzi.trade.payments.models import Refund
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order
from quanzi.trade.stations import services as stations
from quanzi.trade.stations.models import Arrival, Earning, Entry, Round, RoundGood, Settlement, Stop
from quanzi.trade.stations.rules import SECOND_WINDOW
from quanzi.trade.stations.services import GoodPlan
from tests.crash.plays.play import PLAYS, STOCK, Facts, Play, booked_once, is_one, order_of, told_once, work
from tests.factories.goods import bring_in, make_lot, make_sku
from tests.factories.stations import make_round, make_station, order_in
from tests.factories.trade import make_buyer, make_staff, pay


def _open() -> Facts:
    sku, short = make_sku(), make_sku(stock_of=STOCK)
    lot = make_lot(sku=sku, expires_at=clock.now() + timedelta(days=30))
    bring_in(sku, STOCK, lot=lot)
    station = make_station()
    made = make_round(station=station, goods=[GoodPlan(sku.pk, 3_000, 9), GoodPlan(short.pk, 2_000, 9, minimum=5)])
    work()
    return {
        "sku": sku.pk, "short": short.pk, "lot": lot.pk, "round": made.pk, "station": station.pk, "stop": made.stops.get().pk,
        "leader": station.point.leader_id, "member": make_buyer().pk,
    }  # fmt: skip


def _enter(facts: Facts) -> None:
    stations.order_in_round(
        round_id=facts["round"], station_id=facts["station"], member=Member.objects.get(pk=facts["member"]),
        lines=[(facts["sku"], 2)], idempotency_key=f"enter-{facts['round']}", now=clock.now(),
    )  # fmt: skip
    work()


def _has_entered(facts: Facts) -> None:
    is_one(Entry.objects.filter(stop_id=facts["stop"], ended_at=None))
    assert (RoundGood.objects.get(sku_id=facts["sku"]).taken, Stop.objects.get(pk=facts["stop"]).taken) == (2, 1)


PLAYS["enter_round"] = Play(_open, _enter, _has_entered)


def _ordered() -> Facts:
    facts = _open()
    order = order_in(Round.objects.get(pk=facts["round"]), lines=[(facts["sku"], 2), (facts["short"], 1)])
    pay(order)
    work()
    return {**facts, "order": order.pk}


def _leave(facts: Facts) -> None:
    sales.refund_order(
        order_id=facts["order"], reason="test", actor="test", idempotency_key=f"leave-{facts['order']}", now=clock.now()
    )
    work()


def _has_left(facts: Facts) -> None:
    assert Stop.objects.get(pk=facts["stop"]).taken == 0
    assert order_of(facts).state == "refunded"


PLAYS["leave_round"] = Play(_ordered, _leave, _has_left)


def _cut_off(facts: Facts) -> None:
    stations.close_due(Round.objects.get(pk=facts["round"]).cut_off_at)
    work()


def _is_cut_off(facts: Facts) -> None:
    order: Order = order_of(facts)
    assert order.released_at is not None and order.refunded_minor == 2_000
    is_one(Refund.objects.filter(payment__payable_id=order.pk))
    told_once("RoundClosed", round_id=facts["round"])


PLAYS["cut_off"] = Play(_ordered, _cut_off, _is_cut_off)


def _closed() -> Facts:
    facts = _ordered()
    _cut_off(facts)
    return facts


def _count(facts: Facts) -> None:
    stations.count_arrival(
        stop_id=facts["stop"], lot_id=facts["lot"], arrived=2, actor=Member.objects.get(pk=facts["leader"]),
        key=f"count-{facts['stop']}", now=clock.now(),
    )  # fmt: skip
    work()


def _is_counted(facts: Facts) -> None:
    is_one(Arrival.objects.filter(stop_id=facts["stop"]))
    told_once("GoodsArrived", round_id=facts["round"])
    told_once("FulfilmentReady", order_id=facts["order"])


PLAYS["count_arrival"] = Play(_closed, _count, _is_counted)


def _counted() -> Facts:
    facts = _closed()
    _count(facts)
    return {**facts, "code": Fulfilment.objects.get(order_id=facts["order"]).pickup_code}


def _hand_over(facts: Facts) -> None:
    stations.hand_over(
        station_id=facts["station"], code=facts["code"], actor=Member.objects.get(pk=facts["leader"]),
        key=f"hand-{facts['order']}", now=clock.now(),
    )  # fmt: skip
    work()


def _is_handed_over(facts: Facts) -> None:
    is_one(LineLot.objects.filter(line__order_id=facts["order"]))
    told_once("FulfilmentHandedOver", order_id=facts["order"])


PLAYS["hand_over_at_station"] = Play(_counted, _hand_over, _is_handed_over)


def _one_came() -> Facts:
    """Three orders of one unit each, of which one unit came and was counted."""
    facts = _open()
    round_ = Round.objects.get(pk=facts["round"])
    orders = [pay(order_in(round_, lines=[(facts["sku"], 1)])).pk for _ in range(3)]
    work()
    stations.close_due(round_.cut_off_at)
    work()
    leader = Member.objects.get(pk=facts["leader"])
    stations.count_arrival(
        stop_id=facts["stop"], lot_id=facts["lot"], arrived=1, actor=leader, key=f"one-{facts['stop']}", now=clock.now()
    )
    work()
    return {**facts, "orders": orders}


def _end_wait(facts: Facts) -> None:
    stations.end_wait(stop_id=facts["stop"], actor=Member.objects.get(pk=facts["leader"]), now=clock.now())
    work()


def _rest_is_refunded(facts: Facts) -> None:
    states = [Order.objects.get(pk=key).state for key in facts["orders"]]
    assert states == ["paid", "refunded", "refunded"]
    for order_id in facts["orders"][1:]:
        is_one(Refund.objects.filter(payment__payable_id=order_id, payment__payable_kind="order"))


PLAYS["short_delivery"] = Play(_one_came, _end_wait, _rest_is_refunded)


def _waits() -> Facts:
    facts = _counted()
    stations.note_missed(Round.objects.get(pk=facts["round"]).pickup_until)
    work()
    return facts


def _end_missed(facts: Facts) -> None:
    stations.end_missed(_over(facts))
    work()


def _over(facts: Facts) -> datetime:
    return Round.objects.get(pk=facts["round"]).pickup_until + SECOND_WINDOW


def _is_refunded(facts: Facts) -> None:
    assert order_of(facts).state == "refunded"


PLAYS["not_fetched"] = Play(_waits, _end_missed, _is_refunded)


def _given() -> Facts:
    """One unit at 30.00 of which the leader gets a tenth, handed over."""
    sku, station = make_sku(stock_of=STOCK), make_station()
    round_ = make_round(station=station, goods=[GoodPlan(sku.pk, 3_000, 3, leader_bp=1_000)])
    order = pay(order_in(round_))
    work()
    stations.close_due(round_.cut_off_at)
    work()
    found = Fulfilment.objects.get(order=order)
    stations.arriving.fulfilment.make_ready(fulfilment_id=found.pk, actor="test", now=clock.now())
    code = Fulfilment.objects.get(order=order).pickup_code
    stations.hand_over(
        station_id=station.pk, code=code, actor=station.point.leader, key=f"g-{order.pk}", now=clock.now()
    )
    work()
    return {"order": order.pk, "leader": station.point.leader_id, "line": order.lines.get().pk}


def _kept() -> Facts:
    facts = _given()
    sales.close_windows(now=_later())
    work()
    return facts


def _later() -> datetime:
    return clock.now() + timedelta(days=21)


def _carry_on(facts: Facts) -> None:
    stations.carry_on(_later())
    work()


def _is_owed(facts: Facts) -> None:
    booked_once(f"leader:{Earning.objects.get(line_id=facts['line']).pk}")


PLAYS["leader_is_owed"] = Play(_kept, _carry_on, _is_owed)


def _owed() -> Facts:
    facts = _kept()
    _carry_on(facts)
    return facts


def _half_back(facts: Facts) -> None:
    sales.refund_line(
        line_id=facts["line"], amount_minor=1_500, reason="test", actor="test", idempotency_key=f"half-{facts['line']}", now=clock.now()
    )  # fmt: skip
    work()


def _is_taken_back(facts: Facts) -> None:
    one = Earning.objects.get(line_id=facts["line"])
    assert one.reversed_minor == 150
    booked_once(f"leader:{one.pk}:back:150")


PLAYS["leader_gives_back"] = Play(_owed, _half_back, _is_taken_back)


def _due() -> Facts:
    facts = _kept()
    _carry_on(facts)
    return {**facts, "staff": make_staff("finance").pk}


def _settle(facts: Facts) -> None:
    stations.settle_leader(
        leader_id=facts["leader"], reference="bank", staff=Member.objects.get(pk=facts["staff"]), key=f"s-{facts['line']}", now=_later()
    )  # fmt: skip


def _is_settled(facts: Facts) -> None:
    is_one(Settlement.objects.filter(leader_id=facts["leader"]))
    booked_once(f"leader_settlement:{Settlement.objects.get(leader_id=facts['leader']).pk}")


PLAYS["settle_leader"] = Play(_due, _settle, _is_settled)
