"""Sixty-four callers for the last seat, for one member's limit, and around the deadline; with controls that do race."""

from __future__ import annotations

import threading
import time as wall
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from quanzi.kernel.clock import Clock
from quanzi.people.accounts.models import Member
from quanzi.trade.deals import services as deals
from quanzi.trade.deals.errors import LimitReached, TeamClosed, TeamFull
from quanzi.trade.deals.models import DealUse, GroupDeal, Seat, SeatState, Team, TeamState
from quanzi.trade.payments.models import Payment
from quanzi.trade.sales.models import Order
from tests.factories.deals import (
    assert_deals_add_up,
    capture,
    join_team,
    make_buyer,
    make_deal,
    make_point,
    open_team,
    pay,
    start_payment,
)
from tests.races.conftest import NOW, Race, let_in_carelessly

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clock")]

CALLERS = 64


def test_the_last_seat_goes_to_exactly_one_of_sixty_four(race: Race) -> None:
    point = make_point()
    team, _ = open_team(make_deal(team_size=2, stock_of=1_000), make_buyer(), point=point)
    people = [make_buyer() for _ in range(CALLERS)]

    outcome = race(lambda number: join_team(team, people[number], point=point), CALLERS).only(TeamFull)

    assert (len(outcome.results), len(outcome.raised(TeamFull))) == (1, CALLERS - 1)
    assert Team.objects.get(pk=team.pk).taken_seats == Seat.objects.filter(team=team).count() == 2
    assert Order.objects.count() == 2
    assert_deals_add_up()


def test_control_reading_first_and_writing_later_seats_too_many(race: Race) -> None:
    """The same race with the guards taken away: a count that is read, then written."""
    team, _ = open_team(make_deal(team_size=2, stock_of=1_000), make_buyer())
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE careless (team bigint, member int)")

    def join(number: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM careless WHERE team = %s", [team.pk])
            if cursor.fetchone()[0] < 1:
                wall.sleep(0.05)
                cursor.execute("INSERT INTO careless VALUES (%s, %s)", [team.pk, number])

    try:
        race(join, CALLERS).only()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM careless")
            assert cursor.fetchone()[0] > 1, "the harness does not race"
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE careless")


def test_control_without_the_conditional_update_the_database_still_refuses_the_extra_seats(
    race: Race, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service's guard removed (by the test): everybody gets in, until the check constraint speaks."""
    point = make_point()
    team, _ = open_team(make_deal(team_size=2, stock_of=1_000), make_buyer(), point=point)
    people = [make_buyer() for _ in range(8)]

    def careless(*, team: Team, now: datetime) -> None:
        Team.objects.filter(pk=team.pk).update(taken_seats=F("taken_seats") + 1)

    monkeypatch.setattr("quanzi.trade.deals.services.joining.hold_place", careless)
    outcome = race(lambda number: join_team(team, people[number], point=point), 8).only(IntegrityError)

    assert (len(outcome.results), len(outcome.raised(IntegrityError))) == (1, 7)


def test_one_member_at_sixty_four_tills_stays_within_the_limit(race: Race) -> None:
    point = make_point()
    deal = make_deal(per_member_limit=3, stock_of=1_000)
    member = make_buyer()

    outcome = race(lambda _: open_team(deal, member, point=point), CALLERS).only(LimitReached)

    assert (len(outcome.results), len(outcome.raised(LimitReached))) == (3, CALLERS - 3)
    assert DealUse.objects.get(deal=deal, member=member).used == Seat.objects.count() == Team.objects.count() == 3
    assert_deals_add_up()


def test_control_a_limit_that_is_read_first_is_passed(race: Race) -> None:
    deal = make_deal(per_member_limit=1)
    member = make_buyer()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE careless (used int)")

    def use(_: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM careless")
            if cursor.fetchone()[0] < GroupDeal.objects.get(pk=deal.pk).per_member_limit:
                wall.sleep(0.05)
                cursor.execute("INSERT INTO careless VALUES (%s)", [member.pk])

    try:
        race(use, CALLERS).only()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM careless")
            assert cursor.fetchone()[0] > 1, "the harness does not race"
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE careless")


def test_the_same_click_sixty_four_times_is_one_team(race: Race) -> None:
    point = make_point()
    deal = make_deal(per_member_limit=2, stock_of=1_000)
    member = make_buyer()

    outcome = race(lambda _: open_team(deal, member, point=point, idempotency_key="click"), CALLERS).only()

    assert len({(team.pk, order.pk) for team, order in outcome.results}) == 1
    assert (Team.objects.count(), Seat.objects.count(), Order.objects.count()) == (1, 1, 1)
    assert_deals_add_up()


def test_everybody_pays_at_once_and_the_team_succeeds_once(race: Race) -> None:
    point = make_point()
    team, first = open_team(make_deal(team_size=16, stock_of=1_000), make_buyer(), point=point)
    orders = [first, *(join_team(team, make_buyer(), point=point)[1] for _ in range(15))]
    payments = [start_payment(order) for order in orders]

    race(lambda number: capture(payments[number % 16]), CALLERS).only()

    team.refresh_from_db()
    assert (team.state, team.paid_seats) == (TeamState.SUCCEEDED, 16)
    assert Order.objects.filter(released_at__isnull=False).count() == 16
    assert_deals_add_up()


def test_the_last_payment_against_the_deadline_ends_with_everybody_confirmed_or_everybody_refunded(
    race: Race, clock: Clock
) -> None:
    """The payment still carries a moment before the deadline, while the clock of the job is past it."""
    point = make_point()
    for turn in range(8):
        team, first = open_team(make_deal(team_size=2), make_buyer(), point=point)
        pay(first)
        payment = start_payment(join_team(team, make_buyer(), point=point)[1])
        deadline = team.deadline

        def act(number: int, payment: Payment = payment, deadline: datetime = deadline, turn: int = turn) -> None:
            if number == turn % 2:
                wall.sleep(0.003 * turn)
                deals.fail_due(deadline)
            else:
                capture(payment, now=deadline - timedelta(milliseconds=1))

        race(act, 2).only()

        team.refresh_from_db()
        states = set(Seat.objects.filter(team=team).values_list("state", flat=True))
        if team.state == TeamState.SUCCEEDED:
            assert states == {SeatState.PAID}
        else:
            assert team.state == TeamState.FAILED
            assert not states & {SeatState.HELD, SeatState.PAID}
            assert all(
                one.refunded_minor == one.amount_minor
                for one in Payment.objects.filter(
                    state="captured", payable_id__in=Seat.objects.filter(team=team).values("order_id")
                )
            )
    clock.at = NOW + timedelta(hours=1)
    assert_deals_add_up()


def test_control_a_team_that_is_read_before_it_is_locked_fails_and_succeeds(race: Race, clock: Clock) -> None:
    """Deadline and last payment both see it forming, and each would go on with what it saw."""
    team, _ = open_team(make_deal(team_size=2), make_buyer(), point=make_point())
    assert let_in_carelessly(race, 2, seems_free=lambda: Team.objects.get(pk=team.pk).state == TeamState.FORMING) > 1


def test_a_last_payment_waits_for_the_failing_team_and_goes_back(clock: Clock) -> None:
    """Made to happen: the team's row is held by the failing side while the payment arrives."""
    point = make_point()
    team, first = open_team(make_deal(team_size=2), make_buyer(), point=point)
    pay(first)
    payment = start_payment(join_team(team, make_buyer(), point=point)[1])

    def late() -> None:
        try:
            capture(payment, now=team.deadline - timedelta(milliseconds=1))
        finally:
            connection.close()

    other = threading.Thread(target=late)
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team.pk)
        other.start()
        wall.sleep(0.2)
        Team.objects.filter(pk=team.pk).update(state=TeamState.FAILED, failed_at=team.deadline)
    other.join(20)
    clock.at = team.deadline
    deals.fail_due(clock.at)

    payment.refresh_from_db()
    assert (payment.surplus, payment.refunded_minor) == (True, payment.amount_minor)
    assert_deals_add_up()


def test_the_edge_of_a_ladder_charges_everybody_the_step_of_who_paid_in_time(race: Race, clock: Clock) -> None:
    """Somebody leaves while somebody pays; then the payment that reaches the next step meets the end of the team."""
    point = make_point()
    for turn in range(6):
        deal = make_deal(team_size=2, price_minor=3_490, steps=[(3, 3_200), (4, 3_000), (6, 2_900)])
        team, first = open_team(deal, make_buyer(), point=point)
        orders = [first, *(join_team(team, make_buyer(), point=point)[1] for _ in range(4))]
        for order in orders[:3]:
            pay(order)
        payments, deadline, leaver = [start_payment(one) for one in orders[3:]], team.deadline, orders[turn % 3].member
        before = deadline - timedelta(milliseconds=1)

        def meet(
            number: int,
            team: Team = team,
            payments: list[Payment] = payments,
            leaver: Member = leaver,
            at: datetime = before,
        ) -> None:
            if number:
                capture(payments[0], now=at)
            else:
                deals.leave_team(team_code=team.code, member=leaver, now=at)

        def end(number: int, payments: list[Payment] = payments, at: datetime = before, turn: int = turn) -> None:
            if number:
                wall.sleep(0.003 * turn)
                capture(payments[1], now=at)
            else:
                deals.fail_due(at + timedelta(milliseconds=1))
                deals.level_due(at + timedelta(milliseconds=1))

        race(meet, 2).only()
        race(end, 2).only()
        deals.level_due(deadline)

        team.refresh_from_db()
        assert team.final_minor == {3: 3_200, 4: 3_000}[team.paid_seats]
        for seat in Seat.objects.filter(team=team, state=SeatState.PAID).select_related("order"):
            assert seat.order.amount_minor - seat.order.refunded_minor == team.final_minor
    clock.at = NOW + timedelta(hours=1)
    assert_deals_add_up()


def test_control_a_step_that_is_read_before_the_team_is_locked_is_the_wrong_one(race: Race) -> None:
    """The same edge with the lock taken away: the count is read, then somebody else pays, then the price is named."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE careless (paid int, price int)")
        cursor.execute("INSERT INTO careless VALUES (2, NULL)")

    def act(number: int) -> None:
        with connection.cursor() as cursor:
            if number:
                cursor.execute("UPDATE careless SET paid = paid + 1")
                return
            cursor.execute("SELECT paid FROM careless")
            paid = cursor.fetchone()[0]
            wall.sleep(0.05)
            cursor.execute("UPDATE careless SET price = %s", [3_200 if paid >= 3 else 3_490])

    try:
        wrong = 0
        for _ in range(20):
            race(act, 2).only()
            with connection.cursor() as cursor:
                cursor.execute("SELECT paid, price FROM careless")
                wrong += cursor.fetchone() == (3, 3_490)
                cursor.execute("UPDATE careless SET paid = 2, price = NULL")
        assert wrong, "the harness does not race"
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE careless")


def test_differences_given_back_by_sixteen_at_once_go_back_once(race: Race) -> None:
    point = make_point()
    deal = make_deal(team_size=2, price_minor=3_490, steps=[(4, 3_000)])
    team, first = open_team(deal, make_buyer(), point=point)
    for order in (first, *(join_team(team, make_buyer(), point=point)[1] for _ in range(3))):
        pay(order)

    race(lambda _: deals.level_due(NOW), 16).only()

    for order in Order.objects.all():
        assert (order.refunded_minor, order.refunds.count()) == (490, 1)
    assert Team.objects.get(pk=team.pk).levelled_at == NOW
    assert_deals_add_up()


def test_leaving_against_the_last_payment_never_locks_up(race: Race) -> None:
    point = make_point()
    for _ in range(6):
        team, first = open_team(make_deal(team_size=2), make_buyer(), point=point)
        pay(first)
        payment = start_payment(join_team(team, make_buyer(), point=point)[1])

        def act(number: int, team: Team = team, first: Order = first, payment: Payment = payment) -> None:
            if number:
                deals.leave_team(team_code=team.code, member=first.member, now=NOW)
            else:
                capture(payment)

        race(act, 2).only()
        assert Seat.objects.get(order=first).state == SeatState.REFUNDED
    assert_deals_add_up()


def test_joining_and_expiring_seats_of_one_team_never_lock_up(race: Race) -> None:
    point = make_point()
    team, _ = open_team(make_deal(team_size=20, stock_of=1_000), make_buyer(), point=point)
    leavers = [make_buyer() for _ in range(10)]
    for member in leavers:
        join_team(team, member, point=point)
    joiners = [make_buyer() for _ in range(10)]

    def act(number: int) -> None:
        if number % 2:
            deals.leave_team(team_code=team.code, member=leavers[number // 2], now=NOW)
        else:
            join_team(team, joiners[number // 2], point=point)

    race(act, 20).only(TeamFull, TeamClosed)
    assert_deals_add_up()


def test_one_member_leaving_a_team_and_opening_another_never_locks_up(race: Race) -> None:
    """Both need the member's count and the goods, in the same order."""
    point = make_point()
    deal = make_deal(per_member_limit=12, stock_of=1_000)
    member = make_buyer()
    teams = [open_team(deal, member, point=point)[0] for _ in range(6)]

    def act(number: int) -> None:
        if number % 2:
            deals.leave_team(team_code=teams[number // 2].code, member=member, now=NOW)
        else:
            open_team(deal, member, point=point)

    race(act, 12).only()
    assert DealUse.objects.get(deal=deal, member=member).used == 6
    assert_deals_add_up()
