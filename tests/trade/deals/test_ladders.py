"""A price that falls as the team grows: what is reached, what goes back, and what the database refuses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from quanzi.kernel.clock import Clock
from quanzi.kernel.errors import DomainError
from quanzi.people.contact.models import Notice
from quanzi.trade.deals import rules
from quanzi.trade.deals import services as deals
from quanzi.trade.deals.errors import TeamFull
from quanzi.trade.deals.models import GroupDeal, Seat, SeatState, Team, TeamState
from quanzi.trade.deals.queries import team_page
from quanzi.trade.sales.models import Order, OrderRefund
from quanzi.trade.sales.services import refund_line
from tests.factories.deals import assert_deals_add_up, join_team, make_buyer, make_deal, open_team, pay, seat_of

pytestmark = pytest.mark.django_db

STEPS = [(3, 3_200), (4, 2_900)]


def ladder(**terms: Any) -> GroupDeal:
    """From two people 34.90, from three 32.00, four 29.00."""
    return make_deal(team_size=2, price_minor=3_490, steps=STEPS, **terms)


def team_of(people: int, deal: GroupDeal | None = None, **more: Any) -> tuple[Team, list[Order]]:
    """A team with so many paid seats."""
    team, first = open_team(deal or ladder(), make_buyer(), **more)
    orders = [first, *(join_team(team, make_buyer(), **more)[1] for _ in range(people - 1))]
    for order in orders:
        pay(order)
    return team, orders


def paid_in_the_end(order: Order) -> int:
    order.refresh_from_db()
    return order.amount_minor - order.refunded_minor


def test_everybody_ends_at_the_price_of_the_step_that_was_reached_at_the_deadline(clock: Clock) -> None:
    team, orders = team_of(3)
    team.refresh_from_db()
    assert (team.state, orders[0].amount_minor) == (TeamState.FORMING, 3_490)

    clock.at = team.deadline
    deals.fail_due(clock.at)
    deals.level_due(clock.at)

    team.refresh_from_db()
    assert (team.state, team.final_minor, team.levelled_at) == (TeamState.SUCCEEDED, 3_200, clock.at)
    assert [paid_in_the_end(order) for order in orders] == [3_200] * 3
    assert all(order.released_at for order in orders)
    assert_deals_add_up()
    assert Notice.objects.filter(kind="ladder_ended").count() == 3
    assert not Notice.objects.filter(kind="order_refunded").exists()


def test_a_full_ladder_ends_at_once(clock: Clock) -> None:
    team, orders = team_of(4)
    team.refresh_from_db()
    assert (team.state, team.final_minor, team.levelled_at) == (TeamState.SUCCEEDED, 2_900, None)

    assert deals.level_due(clock.at) == 1
    assert deals.level_due(clock.at) == 0

    assert [paid_in_the_end(order) for order in orders] == [2_900] * 4
    assert OrderRefund.objects.count() == 4
    assert_deals_add_up()


def test_the_first_step_alone_gives_nothing_back(clock: Clock) -> None:
    team, orders = team_of(2)
    clock.at = team.deadline
    deals.fail_due(clock.at)
    assert deals.level_due(clock.at) == 0
    team.refresh_from_db()
    assert (team.state, team.final_minor) == (TeamState.SUCCEEDED, 3_490)
    assert [paid_in_the_end(order) for order in orders] == [3_490] * 2
    assert_deals_add_up()


def test_below_the_first_step_the_team_fails_and_all_of_it_goes_back(clock: Clock) -> None:
    team, orders = team_of(1)
    clock.at = team.deadline
    deals.fail_due(clock.at)
    team.refresh_from_db()
    assert (team.state, team.final_minor, paid_in_the_end(orders[0])) == (TeamState.FAILED, None, 0)
    assert_deals_add_up()


def test_who_leaves_before_the_end_takes_the_step_down_and_who_leaves_after_it_does_not(clock: Clock) -> None:
    team, orders = team_of(3)
    deals.leave_team(team_code=team.code, member=orders[0].member, now=clock.at)
    clock.at = team.deadline
    deals.fail_due(clock.at)
    team.refresh_from_db()
    assert team.final_minor == 3_490

    other, more = team_of(3)
    clock.at = other.deadline
    deals.fail_due(clock.at)
    deals.leave_team(team_code=other.code, member=more[0].member, now=clock.at)  # before its difference went back
    deals.level_due(clock.at)
    assert [paid_in_the_end(order) for order in more] == [0, 3_200, 3_200]
    deals.leave_team(team_code=other.code, member=more[1].member, now=clock.at)  # after it
    assert [paid_in_the_end(order) for order in more] == [0, 0, 3_200]
    assert seat_of(more[1]).state == SeatState.REFUNDED
    assert_deals_add_up()


def test_goods_that_were_partly_paid_back_before_still_come(clock: Clock) -> None:
    """Somebody had got nearly everything back as a kindness: a fen stays, so that the line is still delivered."""
    _, orders = team_of(4)
    refund_line(
        line_id=orders[0].lines.get().pk,
        amount_minor=3_400,
        reason="迟到",
        actor="staff:0",
        idempotency_key="late",
        now=clock.at,
    )
    deals.level_due(clock.at)
    assert [paid_in_the_end(order) for order in orders] == [1, 2_900, 2_900, 2_900]
    assert orders[0].lines.get().dropped_at is None
    assert_deals_add_up()


def test_several_pieces_in_one_seat_get_the_difference_for_each(clock: Clock) -> None:
    _, orders = team_of(4, ladder(max_per_seat=2), quantity=2)
    deals.level_due(clock.at)
    assert [paid_in_the_end(order) for order in orders] == [5_800] * 4
    assert_deals_add_up()


def test_the_page_says_the_step_of_the_seats_that_are_paid_now(clock: Clock) -> None:
    team, orders = team_of(3)
    viewer = orders[0].member
    page = team_page(code=team.code, viewer=viewer, now=clock.at)
    assert page is not None and page.card.next_step is not None
    assert (page.card.reached.minor, page.card.next_step.people, page.card.missing, page.card.free) == (3_200, 4, 0, 1)

    deals.leave_team(team_code=team.code, member=orders[2].member, now=clock.at)
    page = team_page(code=team.code, viewer=viewer, now=clock.at)
    assert page is not None and page.card.next_step is not None
    assert (page.card.reached.minor, page.card.next_step.people) == (3_490, 3)


def test_the_seat_after_the_last_step_is_refused() -> None:
    team, _ = team_of(3)
    join_team(team, make_buyer())
    with pytest.raises(TeamFull):
        join_team(team, make_buyer())


@pytest.mark.parametrize(
    "steps",
    [
        [(2, 3_000)],
        [(3, 3_490)],
        [(3, 3_000), (3, 2_000)],
        [(101, 3_000)],
        [(3, 0)],
        [(n, 3_400 - n) for n in range(3, 8)],
    ],
)
def test_steps_that_make_no_sense_are_refused(steps: list[tuple[int, int]]) -> None:
    with pytest.raises(DomainError):
        make_deal(team_size=2, price_minor=3_490, steps=steps)
    assert not GroupDeal.objects.exists()


ATTACKS = {
    "edit the steps": "UPDATE deals_groupdeal SET steps = '[[3, 1]]'",
    "a price that was not reached": "UPDATE deals_team SET final_minor = 2900",
    "succeed early": "UPDATE deals_team SET state = 'succeeded', succeeded_at = opened_at, final_minor = 3200",
    "succeed in time without its price": "UPDATE deals_team SET state = 'succeeded', succeeded_at = deadline",
    "succeed in time at a better price": (
        "UPDATE deals_team SET state = 'succeeded', succeeded_at = deadline, final_minor = 2900"
    ),
    "fail with people enough": "UPDATE deals_team SET state = 'failed', failed_at = deadline",
    "give back before the end": "UPDATE deals_seat SET levelled_minor = 100",
    "more seats than steps": "UPDATE deals_team SET most_seats = 9",
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_the_database_refuses_to(attack: str) -> None:
    team_of(3)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)


def test_a_difference_is_written_once_and_a_ladder_is_done_when_everybody_has_it(clock: Clock) -> None:
    team_of(4)
    for attack in (
        "UPDATE deals_team SET levelled_at = succeeded_at",
        "UPDATE deals_team SET final_minor = 3490",
        "UPDATE deals_seat SET levelled_minor = 10000",
        "UPDATE deals_seat SET levelled_minor = -1",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack)
    deals.level_due(clock.at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.update(levelled_minor=0)
    assert_deals_add_up()


@pytest.mark.django_db(transaction=True)  # balances are written as each repair commits
def test_the_doctor_sees_a_difference_that_is_not_given_back_and_repairs_it(clock: Clock) -> None:
    from quanzi.base import doctor

    team_of(4)
    clock.at += timedelta(minutes=16)
    assert [one.id for one in doctor.run() if not one.is_well] == ["G2.ladder"]
    doctor.run(fix=True)
    assert [one for one in doctor.run() if not one.is_well] == []


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_more_people_never_make_it_dearer(data: st.DataObject) -> None:
    sizes = sorted(data.draw(st.sets(st.integers(2, 100), min_size=1, max_size=5)))
    prices = sorted(data.draw(st.sets(st.integers(1, 10_000), min_size=len(sizes), max_size=len(sizes))), reverse=True)
    steps = tuple(rules.Step(*pair) for pair in zip(sizes, prices, strict=True))
    reached = [rules.price_reached(steps, people=people) for people in range(102)]
    assert reached == sorted(reached, reverse=True)
    assert (reached[sizes[0]], reached[sizes[-1]]) == (prices[0], prices[-1])
    back = rules.difference_minor(
        price_minor=prices[0], final_minor=prices[-1], quantity=2, left_minor=data.draw(st.integers(0, 20_000))
    )
    assert 0 <= back <= 2 * (prices[0] - prices[-1])
