"""The last unit, the last place, a code, and the cut-off of a round, fought for; with a control that does race."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from quanzi.base.events.services import deliver_pending
from quanzi.kernel.clock import Clock
from quanzi.trade.fulfilment.errors import AlreadyHandedOver, WrongCode
from quanzi.trade.fulfilment.models import Fulfilment, LineLot
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order, OrderState
from quanzi.trade.stations import errors
from quanzi.trade.stations import services as stations
from quanzi.trade.stations.models import Entry, RoundGood, RoundState, Settlement, Stop
from tests.factories.goods import bring_in, make_lot, make_sku
from tests.factories.stations import assert_rounds_add_up, make_round, make_station, order_in
from tests.factories.trade import capture, make_buyer, make_staff, pay, start_payment
from tests.races.conftest import NOW, Race, let_in_carelessly

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clock")]

MS = timedelta(milliseconds=1)
CALLERS = 24


def test_the_last_unit_and_the_last_place_go_to_exactly_one(race: Race) -> None:
    for made, refusal in (
        (make_round(most=1), errors.RoundSoldOut),
        (make_round(station=make_station(capacity=1)), errors.StationFull),
    ):
        people = [make_buyer() for _ in range(CALLERS)]
        outcome = race(lambda n, made=made, people=people: order_in(made, member=people[n]), CALLERS).only(refusal)
        assert (len(outcome.results), len(outcome.raised(refusal))) == (1, CALLERS - 1)
        assert Entry.objects.filter(stop__round=made).count() == 1
    assert_rounds_add_up()


def test_control_a_count_that_is_read_before_it_is_written_lets_several_in(race: Race) -> None:
    made = make_round(most=1)
    assert let_in_carelessly(race, CALLERS, seems_free=lambda: RoundGood.objects.get(round=made).taken < 1) > 1, (
        "the harness does not race"
    )


def test_the_payment_that_reaches_the_minimum_at_the_cut_off_counts_whole_or_not_at_all(
    race: Race, clock: Clock
) -> None:
    made = make_round(minimum=2)
    first, second = pay(order_in(made)), order_in(made)
    payment = start_payment(second)
    clock.at = made.cut_off_at - MS

    def act(number: int) -> object:
        return capture(payment, now=made.cut_off_at - MS) if number else stations.close_due(made.cut_off_at)

    race(act, 2).only()
    clock.at = made.cut_off_at
    stations.close_due(clock.at)

    first.refresh_from_db()
    second.refresh_from_db()
    made.refresh_from_db()
    assert made.state == RoundState.CLOSED
    is_made = made.goods.get().is_made
    expected = (OrderState.PAID, OrderState.PAID) if is_made else (OrderState.REFUNDED, OrderState.CANCELLED)
    assert (first.state, second.state) == expected
    assert_rounds_add_up()


def test_many_cut_offs_at_once_and_people_who_still_order_leave_nothing_half_done(race: Race, clock: Clock) -> None:
    made = make_round(minimum=3)
    orders = [pay(order_in(made)) for _ in range(3)]
    people = [make_buyer() for _ in range(6)]
    ready = threading.Event()

    def act(number: int) -> object:
        if number < 2:
            ready.set()
            return stations.close_due(made.cut_off_at)
        ready.wait(5)
        return order_in(made, member=people[number - 2], now=made.cut_off_at - MS)

    race(act, 8).only(errors.RoundClosed)
    stations.close_due(made.cut_off_at)
    for order in orders:
        order.refresh_from_db()
        assert order.released_at == made.cut_off_at
    assert not Order.objects.filter(state=OrderState.PLACED).exists()
    assert Stop.objects.get().taken == 3
    assert_rounds_add_up()


@pytest.mark.parametrize("same_key", [True, False])
def test_a_code_that_is_used_many_times_at_once_gives_out_the_goods_once(
    race: Race, clock: Clock, same_key: bool
) -> None:
    sku = make_sku()
    lot = make_lot(sku=sku, expires_at=NOW + timedelta(days=9))
    bring_in(sku, 9, lot=lot)
    made = make_round(sku=sku)
    order = pay(order_in(made))
    clock.at = made.cut_off_at
    stations.close_due(clock.at)
    deliver_pending()
    stop = Stop.objects.select_related("station__point__leader").get()
    leader = stop.station.point.leader
    stations.count_arrival(stop_id=stop.pk, lot_id=lot.pk, arrived=1, actor=leader, key="c", now=clock.at)
    code = Fulfilment.objects.get(order=order).pickup_code

    def act(number: int) -> object:
        key = "same" if same_key else f"key-{number}"
        return stations.hand_over(station_id=stop.station_id, code=code, actor=leader, key=key, now=clock.at)

    outcome = race(act, 4).only(WrongCode, AlreadyHandedOver)

    assert LineLot.objects.count() == 1
    assert len(outcome.results) >= 1 if same_key else len(outcome.results) == 1
    assert act(0) if same_key else True
    assert_rounds_add_up()


def test_two_people_who_settle_one_leader_at_the_same_moment_pay_once(race: Race, clock: Clock) -> None:
    sku = make_sku(stock_of=9)
    made = make_round(goods=[stations.GoodPlan(sku.pk, 3_000, 9, leader_bp=1_000)])
    order = pay(order_in(made))
    clock.at = made.cut_off_at
    stations.close_due(clock.at)
    deliver_pending()
    found = Fulfilment.objects.get(order=order)
    stations.arriving.fulfilment.make_ready(fulfilment_id=found.pk, actor="test", now=clock.at)
    found.refresh_from_db()
    leader = made.stops.get().station.point.leader
    stations.hand_over(
        station_id=made.stops.get().station_id, code=found.pickup_code, actor=leader, key="h", now=clock.at
    )
    deliver_pending()
    clock.at += timedelta(days=21)
    sales.close_windows(now=clock.at)
    staff = make_staff("finance")

    outcome = race(
        lambda n: stations.settle_leader(
            leader_id=leader.pk, reference=f"bank {n}", staff=staff, key=f"k{n}", now=clock.at
        ),
        8,
    ).only(errors.NothingDue)

    assert (len(outcome.results), Settlement.objects.get().amount_minor) == (1, 300)
    assert_rounds_add_up()
