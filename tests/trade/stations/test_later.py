"""Ordered first, bought after; and what happens when less comes than was ordered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quanzi.base.events.services import deliver_pending
from quanzi.goods.stock import services as stock
from quanzi.goods.stock.models import Promise
from quanzi.goods.stock.queries import free, levels
from quanzi.kernel import crash
from quanzi.kernel.clock import Clock
from quanzi.kernel.errors import DomainError
from quanzi.people.approvals import services as approvals
from quanzi.people.approvals.models import Approval
from quanzi.trade.fulfilment.models import Fulfilment, FulfilmentState
from quanzi.trade.sales.models import OrderState
from quanzi.trade.stations import errors, rules
from quanzi.trade.stations import services as stations
from quanzi.trade.stations.asking import call_off_or_ask, end_wait_or_ask
from quanzi.trade.stations.models import Entry, Round, RoundState, Stop
from quanzi.trade.stations.services import GoodPlan
from tests.factories.goods import make_lot, make_sku
from tests.factories.stations import assert_rounds_add_up, make_round, make_station, order_in
from tests.factories.trade import make_staff, pay
from tests.trade.stations.conftest import NOW

pytestmark = pytest.mark.django_db


def _later(clock: Clock, *quantities: int, most: int = 10) -> tuple[Round, list, Stop]:
    """A round of goods that are nowhere yet, with paid orders of so many units, cut off."""
    sku = make_sku()
    made = make_round(goods=[GoodPlan(sku.pk, 3_000, most, comes_later=True)])
    orders = []
    for minutes, quantity in enumerate(quantities):
        clock.at = NOW + timedelta(minutes=minutes)
        orders.append(pay(order_in(made, quantity=quantity, now=clock.at), now=clock.at))
    clock.at = made.cut_off_at
    stations.close_due(clock.at)
    deliver_pending()
    return made, orders, Stop.objects.get(round=made)


def test_what_is_not_bought_yet_can_be_ordered_up_to_the_promise_and_by_nobody_else(clock: Clock) -> None:
    sku = make_sku()
    made = make_round(goods=[GoodPlan(sku.pk, 3_000, 3, comes_later=True)])
    order = pay(order_in(made, quantity=2))
    assert free([sku.pk]) == {sku.pk: 0}
    with pytest.raises(DomainError):
        order_in(made, quantity=2)

    clock.at = made.cut_off_at
    stations.close_due(clock.at)

    promise = Promise.objects.get(source=f"round:{made.pk}")
    assert (promise.coming, promise.owed, promise.held) == (2, 2, 2)
    order.refresh_from_db()
    assert order.released_at is not None
    assert_rounds_add_up()


def test_a_round_called_off_promises_nothing_any_more(clock: Clock) -> None:
    sku = make_sku()
    made = make_round(goods=[GoodPlan(sku.pk, 3_000, 3, comes_later=True)])
    pay(order_in(made, quantity=2))
    stations.call_off(round_id=made.pk, actor="test", now=clock.at)
    stations.close_due(clock.at)
    promise = Promise.objects.get(source=f"round:{made.pk}")
    assert (promise.coming, promise.owed) == (0, 0)
    assert levels([sku.pk])[sku.pk].reserved == 0
    assert_rounds_add_up()


def test_a_short_delivery_refunds_the_newest_orders_and_serves_the_others(clock: Clock) -> None:
    made, (first, second, third), stop = _later(clock, 2, 3, 1)
    sku = made.goods.get().sku
    lot = make_lot(sku=sku, expires_at=NOW + timedelta(days=9))
    stock.receive(
        sku_id=sku.pk,
        quantity=3,
        lot_id=lot.pk,
        source=f"round:{made.pk}",
        key="in",
        reason="",
        actor="test",
        now=clock.at,
    )
    staff, leader = make_staff("operator"), stop.station.point.leader
    with pytest.raises(errors.NothingCounted):
        stations.end_wait(stop_id=stop.pk, actor=staff, now=clock.at)
    stations.count_arrival(stop_id=stop.pk, lot_id=lot.pk, arrived=3, actor=leader, key="a", now=clock.at)

    assert end_wait_or_ask(stop_id=stop.pk, staff=staff, reason="short", idempotency_key="e", now=clock.at) is None

    states = [type(first).objects.get(pk=one.pk).state for one in (first, second, third)]
    assert states == [OrderState.PAID, OrderState.REFUNDED, OrderState.PAID]
    assert Fulfilment.objects.get(order=third).state == FulfilmentState.READY
    assert stations.end_wait(stop_id=stop.pk, actor=staff, now=clock.at) == 0
    stations.close_due(clock.at)
    assert Promise.objects.get(source=f"round:{made.pk}").coming == 0
    assert_rounds_add_up()


def test_who_is_served_while_others_are_refunded_is_not_refunded(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    made, (first, second), stop = _later(clock, 2, 2)
    sku, leader = made.goods.get().sku, stop.station.point.leader
    lot = make_lot(sku=sku, expires_at=NOW + timedelta(days=9))
    bring = {"sku_id": sku.pk, "lot_id": lot.pk, "source": f"round:{made.pk}", "reason": "", "actor": "test"}
    count = {"stop_id": stop.pk, "lot_id": lot.pk, "actor": leader, "now": clock.at}
    stock.receive(quantity=1, key="one", now=clock.at, **bring)
    stations.count_arrival(arrived=1, key="one", **count)

    def second_is_refunded(name: str) -> None:
        if name == "stations.short.one_refunded":
            monkeypatch.undo()
            stock.receive(quantity=1, key="two", now=clock.at, **bring)
            stations.count_arrival(arrived=2, key="two", **count)
            code = Fulfilment.objects.get(order=first).pickup_code
            stations.hand_over(station_id=stop.station_id, code=code, actor=leader, key=code, now=clock.at)

    monkeypatch.setattr(crash, "point", second_is_refunded)
    assert stations.end_wait(stop_id=stop.pk, actor=make_staff("operator"), now=clock.at) == 1

    for order in (first, second):
        order.refresh_from_db()
    assert (first.state, first.refunded_minor, second.state) == (OrderState.RECEIVED, 0, OrderState.REFUNDED)
    assert_rounds_add_up()


def test_more_money_than_one_person_may_give_back_needs_a_second(clock: Clock) -> None:
    made = make_round(most=40)
    pay(order_in(made, quantity=20))
    one, other = make_staff("operator"), make_staff("owner")
    asked = call_off_or_ask(round_id=made.pk, staff=one, reason="no truck", idempotency_key="k", now=clock.at)
    assert isinstance(asked, Approval) and Round.objects.get().state == RoundState.OPEN
    assert call_off_or_ask(round_id=made.pk, staff=one, reason="no truck", idempotency_key="k", now=clock.at) == asked
    with pytest.raises(DomainError):
        approvals.approve(approval_id=asked.pk, by=one, now=clock.at)

    approvals.approve(approval_id=asked.pk, by=other, now=clock.at)

    stations.close_due(clock.at)
    assert Round.objects.get().state == RoundState.CANCELLED
    assert Entry.objects.get().ended_at is not None
    assert_rounds_add_up()


def test_a_station_that_is_paused_takes_no_new_order() -> None:
    station = make_station()
    made = make_round(station=station)
    words = {"name": "东门", "area": "锦绣", "address": "锦绣路 8 号", "hours": "17:00-20:00"}
    stations.change_station(
        station_id=station.pk, **words, capacity=9, brings_to_door=True, is_open=False, actor="test", now=NOW
    )
    with pytest.raises(DomainError):
        order_in(made)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 4), st.booleans()), max_size=8),
    st.dictionaries(st.integers(1, 3), st.integers(0, 12)),
)
def test_who_is_refunded_could_not_have_been_served_before_those_who_paid_earlier(
    orders: list[tuple[int, int, bool]], fit: dict[int, int]
) -> None:
    lines = [rules.WaitingLine(n, sku, units, 100, served) for n, (sku, units, served) in enumerate(orders)]
    missing = set(rules.unfilled(lines, fit))
    assert missing <= {line.line_id for line in lines if not line.is_served}
    for line in lines:
        if line.is_served:
            continue
        rivals = [one for one in lines if one.sku_id == line.sku_id and one is not line and one.line_id not in missing]
        taken = sum(one.quantity for one in rivals if one.is_served or one.line_id < line.line_id)
        enough = fit.get(line.sku_id, 0) - taken >= line.quantity
        assert enough is (line.line_id not in missing)
