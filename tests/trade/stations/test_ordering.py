"""Orders in a round: until the cut-off, at its price, then released or given back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quanzi.base.events.services import deliver_pending
from quanzi.kernel.clock import Clock
from quanzi.people.contact.models import Notice
from quanzi.trade.payments.models import Payment
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order, OrderLine, OrderState
from quanzi.trade.stations import errors, queries
from quanzi.trade.stations import services as stations
from quanzi.trade.stations.models import Entry, Round, RoundGood, RoundState, Stop
from quanzi.trade.stations.services import GoodPlan
from tests.factories.goods import make_sku
from tests.factories.stations import HOUR, assert_rounds_add_up, make_round, make_station, order_in
from tests.factories.trade import capture, make_buyer, pay, start_payment
from tests.trade.stations.conftest import NOW

pytestmark = pytest.mark.django_db
MS = timedelta(milliseconds=1)


def test_an_order_pays_the_price_of_the_round_and_waits_for_its_cut_off() -> None:
    order = pay(order_in(make_round(price_minor=3_000), quantity=2))

    assert (order.amount_minor, order.state, order.released_at) == (6_000, OrderState.PAID, None)
    assert order.adjustments.get(kind="round").label_zh == "一车送到站点，省分送"
    assert_rounds_add_up()


def test_at_the_cut_off_goods_that_reached_their_minimum_are_released(clock: Clock) -> None:
    made = make_round(minimum=2)
    order = pay(order_in(made, quantity=2))

    clock.at = made.cut_off_at
    assert stations.close_due(clock.at) == 1
    assert stations.close_due(clock.at) == 0

    order.refresh_from_db()
    assert order.released_at == made.cut_off_at
    assert Round.objects.get().state == RoundState.CLOSED
    assert_rounds_add_up()


def test_below_the_minimum_all_the_money_goes_back_and_the_goods_are_free(clock: Clock) -> None:
    made = make_round(minimum=3)
    order = pay(order_in(made, quantity=2))

    clock.at = made.cut_off_at
    stations.close_due(clock.at)

    order.refresh_from_db()
    assert (order.state, order.refunded_minor) == (OrderState.REFUNDED, order.amount_minor)
    assert (Stop.objects.get().taken, RoundGood.objects.get().taken) == (0, 0)
    assert_rounds_add_up()
    assert Notice.objects.filter(kind="round_below_minimum", member_id=order.member_id).count() == 1


def test_only_the_lines_that_do_not_come_are_given_back(clock: Clock) -> None:
    enough, short = make_sku(stock_of=10), make_sku(stock_of=10)
    made = make_round(goods=[GoodPlan(enough.pk, 3_000, 10), GoodPlan(short.pk, 2_000, 10, minimum=5)])
    order = pay(order_in(made, lines=[(enough.pk, 1), (short.pk, 1)]))

    clock.at = made.cut_off_at
    stations.close_due(clock.at)

    order.refresh_from_db()
    assert (order.state, order.refunded_minor, order.released_at) == (OrderState.PAID, 2_000, made.cut_off_at)
    assert OrderLine.objects.get(sku=short).dropped_at is not None
    assert [(row.sku_id, row.quantity) for row in queries.demand(made.pk)] == [(enough.pk, 1)]
    assert_rounds_add_up()


def test_an_order_that_is_not_paid_ends_at_the_cut_off(clock: Clock) -> None:
    made = make_round()
    order = order_in(made, now=made.cut_off_at - MS)
    assert order.pay_by == made.cut_off_at

    clock.at = made.cut_off_at
    stations.close_due(clock.at)

    order.refresh_from_db()
    assert (order.state, Stop.objects.get().taken) == (OrderState.CANCELLED, 0)
    assert_rounds_add_up()


def test_an_order_one_millisecond_before_the_cut_off_counts_and_one_at_it_does_not(clock: Clock) -> None:
    made = make_round()
    order_in(made, now=made.cut_off_at - MS)
    with pytest.raises(errors.RoundClosed):
        order_in(made, now=made.cut_off_at)
    with pytest.raises(errors.RoundClosed):
        order_in(made, now=made.opens_at - MS)


def test_money_that_comes_at_the_cut_off_goes_back(clock: Clock) -> None:
    made = make_round()
    payment = start_payment(order_in(made))

    clock.at = made.cut_off_at
    capture(payment)

    assert Payment.objects.get().surplus
    assert Order.objects.get().state == OrderState.CANCELLED
    stations.close_due(clock.at)
    assert_rounds_add_up()


def test_a_round_that_is_called_off_gives_everything_back(clock: Clock) -> None:
    made = make_round()
    paid, unpaid = pay(order_in(made)), order_in(made)

    stations.call_off(round_id=made.pk, actor="test", now=NOW)
    stations.close_due(NOW)

    paid.refresh_from_db()
    unpaid.refresh_from_db()
    assert (paid.state, unpaid.state) == (OrderState.REFUNDED, OrderState.CANCELLED)
    assert_rounds_add_up()


def test_a_refund_before_the_cut_off_frees_the_place_and_does_not_count(clock: Clock) -> None:
    made = make_round(minimum=2)
    kept, left = pay(order_in(made)), pay(order_in(made))

    sales.refund_order(order_id=left.pk, reason="changed my mind", actor="system", idempotency_key="r", now=NOW)
    assert Stop.objects.get().taken == 1
    clock.at = made.cut_off_at
    stations.close_due(clock.at)

    kept.refresh_from_db()
    assert kept.state == OrderState.REFUNDED
    assert_rounds_add_up()


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"quantity": 51}, errors.RoundSoldOut),
        ({"lines": [(0, 1)]}, errors.NotInRound),
        ({"to_door": "3 幢 502"}, errors.NoDoor),
    ],
)
def test_what_a_round_cannot_give_is_refused_whole(fields: dict[str, object], refusal: type[Exception]) -> None:
    made = make_round()
    if "lines" in fields:
        fields = {"lines": [(make_sku(stock_of=5).pk, 1)]}
    with pytest.raises(refusal):
        order_in(made, **fields)  # type: ignore[arg-type]  # several kinds of fields
    assert not Order.objects.exists() and not Entry.objects.exists()
    assert_rounds_add_up()


def test_a_full_station_sends_people_to_another_one() -> None:
    small, other = make_station(capacity=1), make_station()
    made = make_round(station=small, station_ids=[small.pk, other.pk])
    order_in(made, station=small)
    with pytest.raises(errors.StationFull):
        order_in(made, station=small)
    order_in(made, station=other)
    with pytest.raises(errors.StationNotInRound):
        order_in(make_round(station=other, station_ids=[other.pk]), station=small)


def test_the_same_key_finds_the_first_order() -> None:
    made, member = make_round(), make_buyer()
    first = order_in(made, member=member, idempotency_key="same")
    assert order_in(made, member=member, idempotency_key="same").pk == first.pk
    assert (Entry.objects.count(), RoundGood.objects.get().taken) == (1, 1)


def test_a_job_that_runs_late_gives_the_same_result(clock: Clock) -> None:
    made = make_round(minimum=1)
    order = pay(order_in(made))
    clock.at = made.cut_off_at + 3 * HOUR
    with pytest.raises(errors.RoundClosed):
        order_in(made)
    stations.close_due(clock.at)
    order.refresh_from_db()
    assert order.released_at is not None
    deliver_pending()
    assert Notice.objects.filter(kind="round_closed").count() == 1


def test_a_round_needs_sound_terms() -> None:
    station, sku = make_station(), make_sku(price_minor=1_000)
    with pytest.raises(errors.BadTimes):
        make_round(station=station, cut_off_at=NOW)
    with pytest.raises(errors.BadGood):
        make_round(station=station, sku=sku, price_minor=1_001)
    with pytest.raises(errors.BadGood):
        make_round(station=station, sku=sku, price_minor=900, most=5, minimum=6)
    with pytest.raises(errors.EmptyRound):
        make_round(station=station, goods=[])
