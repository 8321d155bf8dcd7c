"""Nobody fills a team with people who did not pay: not through the room's own functions, not by plain SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.kernel.clock import Clock
from quanzi.kernel.errors import DomainError
from quanzi.trade.deals import services as deals
from quanzi.trade.deals.models import Seat, Team, TeamState
from quanzi.trade.deals.services import many, seats, settling
from quanzi.trade.sales.models import Order
from tests.factories.community import make_circle
from tests.factories.deals import (
    assert_deals_add_up,
    join_team,
    make_buyer,
    make_deal,
    make_point,
    open_team,
    pay,
    start_payment,
)

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class World:
    """A team of three: one paid, one waiting for payment, one seat free; and somebody outside with an order."""

    team: Team
    paid: Order
    held: Order
    outside: Order

    @property
    def names(self) -> dict[str, object]:
        seat = Seat.objects.get(order=self.held)
        return {
            "team": self.team.pk,
            "deal": self.team.deal_id,
            "paid": self.paid.pk,
            "held": self.held.pk,
            "seat": seat.pk,
            "outside": self.outside.pk,
            "outsider": self.outside.member_id,
            "deadline": self.team.deadline,
            "now": self.team.opened_at,
        }


@pytest.fixture
def world() -> World:
    deal = make_deal(per_member_limit=2)
    team, first = open_team(deal, make_buyer())
    _, second = join_team(team, make_buyer())
    pay(first)
    _, outside = open_team(make_deal(), make_buyer())
    start_payment(second)
    return World(team, first, second, outside)


ATTACKS = {
    "declare success": "UPDATE deals_team SET state = 'succeeded', succeeded_at = %(now)s WHERE id = %(team)s",
    "declare success with full counters": (
        "UPDATE deals_team SET state = 'succeeded', succeeded_at = %(now)s, taken_seats = 3, paid_seats = 3"
        " WHERE id = %(team)s"
    ),
    "count people who are not there": "UPDATE deals_team SET taken_seats = 3, paid_seats = 3 WHERE id = %(team)s",
    "count more than fit": "UPDATE deals_team SET taken_seats = 4 WHERE id = %(team)s",
    "forget a paid seat": "UPDATE deals_team SET paid_seats = 0 WHERE id = %(team)s",
    "mark an unpaid seat paid": "UPDATE deals_seat SET state = 'paid', paid_at = %(now)s WHERE id = %(seat)s",
    "mark an unpaid seat paid and count it": (
        "UPDATE deals_team SET paid_seats = 2 WHERE id = %(team)s;"
        "UPDATE deals_seat SET state = 'paid', paid_at = %(now)s WHERE id = %(seat)s"
    ),
    "write a paid seat": (
        "INSERT INTO deals_seat (deal_id, team_id, member_id, order_id, state, taken_at, paid_at)"
        " VALUES (%(deal)s, %(team)s, %(outsider)s, %(outside)s, 'paid', %(now)s, %(now)s)"
    ),
    "seat somebody on an order for another team": (
        "UPDATE deals_team SET taken_seats = 3 WHERE id = %(team)s;"
        "INSERT INTO deals_seat (deal_id, team_id, member_id, order_id, state, taken_at)"
        " VALUES (%(deal)s, %(team)s, %(outsider)s, %(outside)s, 'held', %(now)s)"
    ),
    "seat somebody on somebody else's payment": "UPDATE deals_seat SET order_id = %(paid)s WHERE id = %(seat)s",
    "put another person into a seat": "UPDATE deals_seat SET member_id = %(outsider)s WHERE id = %(seat)s",
    "give back a seat nobody paid for": (
        "UPDATE deals_seat SET state = 'refunded', paid_at = %(now)s, ended_at = %(now)s WHERE id = %(seat)s"
    ),
    "remove a seat": "DELETE FROM deals_seat WHERE id = %(seat)s",
    "remove a team": "DELETE FROM deals_team WHERE id = %(team)s",
    "ask for fewer people": "UPDATE deals_team SET team_size = 2 WHERE id = %(team)s",
    "change the price": "UPDATE deals_team SET price_minor = 1 WHERE id = %(team)s",
    "make the countdown longer": (
        "UPDATE deals_team SET deadline = %(deadline)s + interval '1 day' WHERE id = %(team)s"
    ),
    "fail a team early": "UPDATE deals_team SET state = 'failed', failed_at = %(now)s WHERE id = %(team)s",
    "open a team on terms of one's own": (
        "INSERT INTO deals_team (deal_id, code, opener_id, state, team_size, most_seats, newcomers_only, price_minor, taken_seats,"
        " paid_seats, opened_at, deadline) VALUES (%(deal)s, 'MINE', %(outsider)s, 'forming', 3, 3, false, 1, 0, 0, %(now)s, %(deadline)s)"
    ),
    "open a team that has succeeded": (
        "INSERT INTO deals_team (deal_id, code, opener_id, state, team_size, most_seats, newcomers_only, price_minor, taken_seats,"
        " paid_seats, opened_at, deadline, succeeded_at) VALUES (%(deal)s, 'MINE', %(outsider)s, 'succeeded', 3, 3, false, 3490, 0, 0,"
        " %(now)s, %(deadline)s, %(now)s)"
    ),
    "forget how many teams one is in": "UPDATE deals_dealuse SET used = 0 WHERE deal_id = %(deal)s",
    "be in more teams than allowed": "UPDATE deals_dealuse SET used = 3 WHERE deal_id = %(deal)s",
    "take the price without a seat": (
        "INSERT INTO sales_adjustment (order_id, kind, label_zh, label_en, amount_minor, source)"
        " VALUES (%(outside)s, 'team', '', '', -500, 'deal:' || %(deal)s)"
    ),
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_the_database_refuses_to(world: World, attack: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        for statement in attack.split(";"):
            cursor.execute(statement, world.names)
    assert_deals_add_up()


def test_a_payment_captured_after_the_deadline_fills_no_seat(world: World) -> None:
    """Even when the books say that the money is there."""
    payment = start_payment(world.held)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE payments_payment SET state = 'captured', captured_at = %s, provider_ref = 'x' WHERE id = %s",
            [world.team.deadline, payment.pk],
        )
        cursor.execute(ATTACKS["mark an unpaid seat paid"], world.names)


def test_a_team_that_is_over_does_not_change_its_state(world: World, clock: Clock) -> None:
    clock.at = world.team.deadline
    deals.fail_due(clock.at)
    for after in ("forming', failed_at = NULL, succeeded_at = NULL --", "succeeded', failed_at = NULL --"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE deals_team SET state = '{after}\n WHERE id = {world.team.pk}")


def test_a_success_is_not_taken_back(clock: Clock) -> None:
    team, order = open_team(make_deal(team_size=2), make_buyer())
    _, other = join_team(team, make_buyer())
    pay(order)
    pay(other)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE deals_team SET state = 'forming', succeeded_at = NULL WHERE id = %s", [team.pk])


def test_no_function_of_the_room_fills_a_team_with_people_who_did_not_pay(clock: Clock) -> None:
    """Every public verb, and the inner ones too, on a team whose seats are all taken and all unpaid."""
    deal = make_deal(team_size=2)
    team, first = open_team(deal, make_buyer())
    _, second = join_team(team, make_buyer())
    calls = {
        "create_deal": lambda: make_deal(),
        "open_team": lambda: open_team(deal, make_buyer()),
        "join_team": lambda: join_team(team, make_buyer()),
        "settle_team": lambda: deals.settle_team(team_id=team.pk, now=clock.at),
        "stop_deal": lambda: deals.stop_deal(deal_id=deal.pk, actor="test", now=clock.at),
        "leave_team": lambda: deals.leave_team(team_code=team.code, member=make_buyer(), now=clock.at),
        "fail_due": lambda: deals.fail_due(clock.at),
        "level_due": lambda: deals.level_due(clock.at),
        "fail_together": lambda: deals.fail_together(clock.at),
        "gather": lambda: deals.gather(  # with money in hand, which is no way into a team that is there already
            launches=[deals.Launch(deal.pk, [deals.Comer(make_buyer().pk, clock.at, "key", "key:0")])],
            pickup_point_id=make_point().pk,
            origin="shop",
            actor="test",
        ),
        "many.pay_all": lambda: many.pay_all(orders=[first, second]),
        "seats.pay": lambda: seats.pay(order=first, now=clock.at),
        "settling.succeed": lambda: settling.succeed(team=Team.objects.get(pk=team.pk), origin="shop", now=clock.at),
    }
    assert set(deals.__all__) - {"Comer", "Launch"} <= set(calls), "a new verb must be tried here"

    for call in calls.values():
        try:
            with transaction.atomic():
                call()
        except (DomainError, IntegrityError):
            continue

    team.refresh_from_db()
    assert (team.state, team.paid_seats) == (TeamState.FORMING, 0)
    assert not Order.objects.filter(released_at__isnull=False).exists()
    assert second.member_id in Seat.objects.filter(team=team, state="held").values_list("member_id", flat=True)
    clock.at += timedelta(hours=2)
    deals.fail_due(clock.at)
    assert_deals_add_up()


def test_the_price_of_a_deal_is_refused_to_an_order_without_a_seat(clock: Clock) -> None:
    from quanzi.trade.sales import services as sales

    deal = make_deal()
    with pytest.raises(IntegrityError):
        sales.place_order(
            member=make_buyer(),
            lines=[(deal.sku_id, 1)],
            method="pickup",
            pickup_point_id=make_point().pk,
            context={"deal_id": deal.pk},
            idempotency_key="sneak",
            now=clock.at,
        )
    assert not Order.objects.exists()


def test_a_seat_of_a_circles_deal_is_for_its_people() -> None:
    host, stranger = make_buyer(), make_buyer()
    circle = make_circle(founder=host)
    team, _ = open_team(make_deal(circle=circle), host)
    _, outside = open_team(make_deal(), stranger)
    values = {"team": team.pk, "deal": team.deal_id, "member": stranger.pk, "order": outside.pk, "now": team.opened_at}
    with (
        pytest.raises(IntegrityError, match="people of its circle"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE sales_order SET waits_for = 'team:' || %(team)s WHERE id = %(order)s;"
            "INSERT INTO deals_seat (deal_id, team_id, member_id, order_id, state, taken_at)"
            " VALUES (%(deal)s, %(team)s, %(member)s, %(order)s, 'held', %(now)s)",
            values,
        )
    with pytest.raises(IntegrityError, match="who it is for"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE deals_groupdeal SET circle_id = NULL WHERE id = %(deal)s", values)
