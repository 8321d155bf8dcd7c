"""Into the queue, the lot, turns: who comes when, and who may order."""

from __future__ import annotations

import hashlib
import random
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quanzi.base.events.services import deliver_pending
from quanzi.kernel.clock import Clock
from quanzi.people.contact.models import Notice
from quanzi.trade.launches import errors, rules
from quanzi.trade.launches import services as launches
from quanzi.trade.launches.models import Launch, LaunchState, Place, PlaceState
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import OrderState
from tests.factories.goods import make_sku
from tests.factories.launches import MINUTE, assert_launches_add_up, enter, make_launch, order_turn
from tests.factories.trade import capture, make_buyer, pay, start_payment
from tests.trade.launches.conftest import NOW

pytestmark = pytest.mark.django_db
START = NOW + 10 * MINUTE


def begin(launch: Launch, clock: Clock) -> Launch:
    clock.at = launch.starts_at
    launches.run(launch_id=launch.pk, now=clock.at)
    launch.refresh_from_db()
    return launch


def line(launch: Launch) -> list[Place]:
    return list(Place.objects.filter(launch=launch, position__isnull=False).order_by("position"))


def test_places_are_those_that_anybody_can_compute_from_the_seed_told_afterwards(clock: Clock) -> None:
    launch = make_launch()
    codes = [enter(launch, now=NOW + n * timedelta(seconds=1)).code for n in range(9)]
    assert (launch.seed, launch.drawn_at) == ("", None)

    begin(launch, clock)

    assert hashlib.sha256(launch.seed.encode()).hexdigest() == launch.seed_hash
    assert [place.code for place in line(launch)] == rules.drawn(launch.seed, codes)
    assert_launches_add_up()


def test_a_script_that_enters_first_has_no_better_place_than_who_enters_last() -> None:
    """The place is a function of the seed and a code that nobody chooses: over many lots both halves stand the same."""
    early, late = [f"E{n}" for n in range(20)], [f"L{n}" for n in range(20)]
    sums = {"E": 0, "L": 0}
    for seed in range(400):
        order = rules.drawn(f"{seed:064x}", early + late)
        assert order == rules.drawn(f"{seed:064x}", late + early)
        for position, code in enumerate(order, 1):
            sums[code[0]] += position
    assert abs(sums["E"] - sums["L"]) / (400 * 20) < 0.7, "mean places differ by less than one of forty"


@given(
    st.sets(st.text("0123456789ABCDEFGH", min_size=1, max_size=10), max_size=30),
    st.integers(0, 2**256 - 1),
    st.randoms(),
)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_lot_loses_nobody_and_knows_nothing_of_the_order_in_which_people_came(
    codes: set[str], seed: int, chance: random.Random
) -> None:
    came = sorted(codes)
    first = rules.drawn(f"{seed:064x}", came)
    chance.shuffle(came)
    assert rules.drawn(f"{seed:064x}", came) == first
    assert set(first) == codes
    left = [code for code in first if code != first[0]] if first else []
    assert rules.drawn(f"{seed:064x}", left) == left, "who leaves changes nothing among the others"


def test_who_comes_after_the_start_stands_behind_everybody_in_order_of_arrival(clock: Clock) -> None:
    launch = make_launch(units=1)
    drawn = [enter(launch) for _ in range(3)]
    clock.at = START  # nobody has drawn yet; whoever comes now sees to it
    later = [enter(launch), enter(launch)]

    assert [place.position for place in later] == [4, 5]
    assert {place.position for place in line(launch)[:3]} == {1, 2, 3}
    assert {place.pk for place in line(launch)[:3]} == {place.pk for place in drawn}
    assert_launches_add_up()


def test_one_place_for_each_member_within_the_limit_and_while_entry_is_open(clock: Clock) -> None:
    launch, member = make_launch(entry_opens_at=NOW + MINUTE, units=2, limit_each=2), make_buyer()
    with pytest.raises(errors.EntryClosed):
        enter(launch, member=member)
    clock.at = NOW + MINUTE
    with pytest.raises(errors.BadWanted):
        enter(launch, member=member, wanted=3)
    enter(launch, member=member, wanted=2)
    with pytest.raises(errors.InAlready):
        enter(launch, member=member)
    launches.leave(launch_id=launch.pk, member=member, now=clock.at)
    assert enter(launch, member=member).wanted == 1
    clock.at = launch.ends_at
    with pytest.raises(errors.EntryClosed):
        enter(launch)
    launches.run_due(clock.at)
    assert_launches_add_up()


def test_turns_are_as_many_as_units_and_one_who_wants_more_than_is_left_gets_what_is_left(clock: Clock) -> None:
    launch = make_launch(units=3, limit_each=2)
    for _ in range(4):
        enter(launch, wanted=2)
    begin(launch, clock)

    assert [(place.state, place.granted) for place in line(launch)] == [
        ("turn", 2), ("turn", 1), ("waiting", 0), ("waiting", 0),
    ]  # fmt: skip
    assert launch.taken == 3
    assert_launches_add_up()


def test_an_unused_turn_passes_on_and_its_member_may_enter_again_at_the_end(clock: Clock) -> None:
    launch = make_launch(units=1)
    for _ in range(2):
        enter(launch)
    begin(launch, clock)
    first, second = line(launch)

    clock.at = START + 5 * MINUTE
    with pytest.raises(errors.TurnOver):
        order_turn(first)
    launches.run(launch_id=launch.pk, now=clock.at)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.turn_until) == ("passed", "turn", clock.at + 5 * MINUTE)
    assert enter(launch, member=first.member).position == 3
    deliver_pending()
    assert Notice.objects.filter(kind="launch_turn").count() == 2
    assert Notice.objects.get(kind="launch_passed").member == first.member
    assert_launches_add_up()


def test_a_turn_buys_at_the_price_of_the_launch_and_is_prepared_when_paid(clock: Clock) -> None:
    launch = make_launch(units=2, limit_each=2)
    place = enter(launch, wanted=2)
    begin(launch, clock)
    with pytest.raises(errors.MoreThanTurn):
        order_turn(place, quantity=3)

    order = pay(order_turn(place, quantity=2))

    assert (order.amount_minor, order.state, order.released_at) == (6_000, OrderState.PAID, START)
    assert order.adjustments.get(kind="launch").label_zh == "秒杀价"
    launch.refresh_from_db()
    assert (launch.state, launch.end_reason, launch.held) == (LaunchState.OVER, "sold_out", 0)
    assert_launches_add_up()


def test_the_same_key_finds_the_same_order_and_takes_no_second_unit(clock: Clock) -> None:
    from tests.factories.trade import make_point

    launch, point = make_launch(units=2), make_point()
    place = enter(launch)
    begin(launch, clock)
    again = [order_turn(place, point=point, idempotency_key="once").pk for _ in range(2)]
    assert again[0] == again[1]
    launch.refresh_from_db()
    assert (launch.taken, launch.held) == (1, 1)
    assert_launches_add_up()


def test_nobody_orders_without_a_turn(clock: Clock) -> None:
    launch = make_launch(units=1)
    enter(launch), enter(launch)
    begin(launch, clock)
    waiting = line(launch)[1]
    with pytest.raises(errors.NotYourTurn):
        order_turn(waiting)
    stranger = Place(launch=launch, member=make_buyer())
    with pytest.raises(errors.NotIn):
        order_turn(stranger)
    assert_launches_add_up()


def test_an_order_that_nobody_pays_gives_its_unit_to_the_next_and_late_money_goes_back(clock: Clock) -> None:
    launch = make_launch(units=1)
    enter(launch), enter(launch)
    begin(launch, clock)
    first, second = line(launch)
    order = order_turn(first)
    payment = start_payment(order)

    clock.at = order.pay_by
    sales.cancel_order(order_id=order.pk, actor="system", reason="expired", now=clock.at)

    second.refresh_from_db()
    assert (second.state, Place.objects.get(pk=first.pk).state) == (PlaceState.TURN, PlaceState.ENDED)
    capture(payment)
    order.refresh_from_db()
    assert order.state == OrderState.CANCELLED
    assert_launches_add_up()


def test_a_refund_before_the_goods_leave_gives_the_unit_to_the_next(clock: Clock) -> None:
    launch = make_launch(units=2)
    enter(launch)
    begin(launch, clock)
    order = pay(order_turn(line(launch)[0]))
    waiting = [enter(launch), enter(launch)]
    sales.refund_order(order_id=order.pk, reason="changed my mind", actor="system", idempotency_key="r", now=clock.at)

    assert [Place.objects.get(pk=one.pk).state for one in waiting] == ["turn", "turn"]
    assert_launches_add_up()


def test_sold_out_is_told_to_everybody_who_waited_only_when_every_unit_is_paid(clock: Clock) -> None:
    launch = make_launch(units=1)
    enter(launch), enter(launch)
    begin(launch, clock)
    first, second = line(launch)
    order = order_turn(first)
    deliver_pending()
    assert not Notice.objects.filter(kind="launch_sold_out").exists()

    pay(order)
    deliver_pending()

    second.refresh_from_db()
    assert second.state == PlaceState.UNSERVED
    assert Notice.objects.get(kind="launch_sold_out").member == second.member
    with pytest.raises(errors.LaunchOver):
        enter(launch)
    assert_launches_add_up()


def test_when_time_is_up_what_nobody_bought_is_on_sale_for_everybody(clock: Clock) -> None:
    sku = make_sku(stock_of=5)
    launch = make_launch(sku=sku, units=5)
    assert sku.stock.reserved == 5
    enter(launch)
    begin(launch, clock)
    clock.at = launch.ends_at
    assert launches.run_due(clock.at) == 1
    assert launches.run_due(clock.at) == 0

    launch.refresh_from_db()
    sku.stock.refresh_from_db()
    assert (launch.state, launch.end_reason, sku.stock.reserved) == (LaunchState.OVER, "time", 0)
    assert_launches_add_up()


def test_called_off_ends_the_queue_and_leaves_orders_that_were_placed(clock: Clock) -> None:
    launch = make_launch(units=2)
    for _ in range(3):
        enter(launch)
    begin(launch, clock)
    order = order_turn(line(launch)[0])
    launches.call_off(launch_id=launch.pk, actor="test", now=clock.at)

    assert pay(order).state == OrderState.PAID
    deliver_pending()
    assert Notice.objects.filter(kind="launch_called_off").count() == 2
    assert_launches_add_up()


def test_an_estimate_is_given_only_from_turns_that_were_given_on() -> None:
    at = [NOW - n * MINUTE for n in (1, 2, 3, 30)]
    assert rules.wait_minutes(before=5, given=at[:2], now=NOW) is None
    assert rules.wait_minutes(before=5, given=at, now=NOW) == 20
