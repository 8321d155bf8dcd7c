"""The last unit, the one place for each member, the start and a turn of a launch, fought for; with a control that does race."""

from __future__ import annotations

import pytest

from quanzi.kernel.clock import Clock
from quanzi.trade.launches import errors
from quanzi.trade.launches import services as launches
from quanzi.trade.launches.models import Ask, Launch, LaunchState, Place
from quanzi.trade.launches.rules import drawn
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order
from tests.factories.goods import make_sku
from tests.factories.launches import (
    MINUTE,
    assert_launches_add_up,
    enter,
    make_edition,
    make_launch,
    order_piece,
    order_turn,
)
from tests.factories.trade import capture, make_buyer, make_order, make_point, start_payment
from tests.races.conftest import NOW, Race, let_in_carelessly

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clock")]

CALLERS = 64


def test_who_enters_while_the_lot_is_drawn_is_in_it_or_behind_it_and_nobody_is_twice(race: Race, clock: Clock) -> None:
    """Half of the callers enter at the last moment, the other half at the start; eight of them are one member."""
    launch, one = make_launch(units=2), make_buyer()
    people = [one if n % 8 == 0 else make_buyer() for n in range(CALLERS)]

    def act(number: int) -> object:
        at = launch.starts_at if number % 2 else launch.starts_at - MINUTE / 60_000
        return enter(launch, member=people[number], now=at)

    race(act, CALLERS).only(errors.InAlready, errors.EntryClosed)

    clock.at = launch.starts_at
    launches.run(launch_id=launch.pk, now=clock.at)
    launch.refresh_from_db()
    places = list(Place.objects.filter(launch=launch).order_by("position"))
    assert len({place.member_id for place in places}) == len(places)
    assert [place.position for place in places] == list(range(1, len(places) + 1))
    early = [place.code for place in places if place.entered_at < launch.starts_at]
    assert [place.code for place in places[: len(early)]] == drawn(launch.seed, early)
    assert_launches_add_up()


def test_turns_outsiders_and_payments_at_once_sell_each_unit_once(race: Race, clock: Clock) -> None:
    """Six units: four for the launch, two for everybody. People with a turn, without one, and passers-by all try."""
    sku, point = make_sku(stock_of=6), make_point()
    launch = make_launch(sku=sku, units=4)
    places = [enter(launch) for _ in range(12)]
    clock.at = launch.starts_at
    launches.run(launch_id=launch.pk, now=clock.at)

    def act(number: int) -> object:
        if number < 24:  # each twice, as an impatient finger does
            place = places[number % 12]
            return capture(start_payment(order_turn(place, point=point, idempotency_key=f"t{place.pk}")))
        return make_order(sku=sku, point=point, member=make_buyer())

    outcome = race(act, 40)

    assert Place.objects.filter(state="ordered").count() == 4, [str(error) for error in outcome.errors]
    assert Order.objects.filter(waits_for="", state="placed").count() == 2
    launch.refresh_from_db()
    assert (launch.state, launch.end_reason) == (LaunchState.OVER, "sold_out")
    assert_launches_add_up()


def test_one_turn_becomes_one_order_whatever_comes_at_its_end(race: Race, clock: Clock) -> None:
    launch, point = make_launch(units=1), make_point()
    first, second = enter(launch), enter(launch)
    clock.at = launch.starts_at
    launches.run(launch_id=launch.pk, now=clock.at)
    turn = Place.objects.select_related("member").get(state="turn")
    end = turn.turn_until
    assert end is not None

    def act(number: int) -> object:
        if number % 2:
            return launches.run(launch_id=launch.pk, now=end)
        return order_turn(turn, point=point, now=end - MINUTE / 60_000, idempotency_key=f"k{number}")

    race(act, 16).only(errors.TurnOver, errors.NotYourTurn)

    states = sorted(Place.objects.filter(pk__in=[first.pk, second.pk]).values_list("state", flat=True))
    assert states in (["ordered", "waiting"], ["passed", "turn"])
    assert Order.objects.count() == states.count("ordered")
    clock.at = end
    assert_launches_add_up()


def test_control_a_turn_that_is_read_before_it_is_used_is_used_several_times(race: Race) -> None:
    launch = make_launch(units=1)
    assert let_in_carelessly(race, CALLERS, seems_free=lambda: Launch.objects.get(pk=launch.pk).taken < 1) > 1, (
        "the harness does not race"
    )


def test_one_number_goes_to_exactly_one_of_many_and_a_turn_for_it_is_one_persons(race: Race, clock: Clock) -> None:
    edition, point = make_edition(size=1), make_point()
    people = [make_buyer() for _ in range(CALLERS)]
    outcome = race(lambda n: order_piece(edition, member=people[n], point=point, number=1), CALLERS)
    assert (len(outcome.results), len(outcome.raised(errors.PieceTaken))) == (1, CALLERS - 1)

    first = outcome.results[0]
    for member in people[:8]:
        if member.pk != first.member_id:
            launches.ask_piece(edition_id=edition.pk, member=member, now=NOW)
    race(lambda n: sales.cancel_order(order_id=first.pk, actor="system", reason="test", now=NOW) if n else None, 4)
    turn = Ask.objects.select_related("member").get(state="turn")
    outcome = race(lambda n: order_piece(edition, member=people[n], point=point), 16).only(errors.PieceTaken)
    assert [order.member_id for order in outcome.results] == [turn.member_id] or turn.member not in people[:16]
    assert_launches_add_up()
