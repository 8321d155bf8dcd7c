"""Leaving a team: always before success, by the deal's rule after it. The others keep what they were promised."""

from __future__ import annotations

import pytest

from quanzi.base.events.services import deliver_pending
from quanzi.kernel.clock import Clock
from quanzi.people.contact.models import Notice
from quanzi.trade.deals import queries
from quanzi.trade.deals import services as deals
from quanzi.trade.deals.errors import CannotLeave, GoodsOnTheWay, NotInTeam
from quanzi.trade.deals.models import DealUse, GroupDeal, SeatState, Team, TeamState
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order, OrderState
from tests.factories.deals import (
    assert_deals_add_up,
    join_team,
    make_buyer,
    make_deal,
    open_team,
    pay,
    seat_of,
)

pytestmark = pytest.mark.django_db


def full_team(deal: GroupDeal) -> tuple[Team, list[Order]]:
    team, order = open_team(deal, make_buyer())
    orders = [order]
    for _ in range(deal.team_size - 1):
        orders.append(join_team(team, make_buyer())[1])
    for order in orders:
        pay(order)
    team.refresh_from_db()
    return team, orders


def leave(team: Team, order: Order, clock: Clock) -> None:
    deals.leave_team(team_code=team.code, member=order.member, now=clock.at)
    order.refresh_from_db()


def test_one_seat_before_quorum_a_member_leaves_with_all_the_money_and_the_team_goes_on(clock: Clock) -> None:
    team, first = open_team(make_deal(), make_buyer())
    _, second = join_team(team, make_buyer())
    pay(first)
    payment = pay(second)

    leave(team, second, clock)

    payment.refresh_from_db()
    team.refresh_from_db()
    assert (payment.refunded_minor, second.state) == (payment.amount_minor, OrderState.REFUNDED)
    assert (seat_of(second).state, team.state, team.taken_seats, team.paid_seats) == (
        SeatState.REFUNDED,
        TeamState.FORMING,
        1,
        1,
    )
    for _ in range(2):
        pay(join_team(team, make_buyer())[1])
    assert Team.objects.get(pk=team.pk).state == TeamState.SUCCEEDED
    while deliver_pending():
        pass
    assert Notice.objects.filter(kind="team_left").count() == 1
    assert Notice.objects.filter(kind="team_succeeded").count() == 3
    assert_deals_add_up()


def test_whoever_left_may_join_again(clock: Clock) -> None:
    team, order = open_team(make_deal(team_size=2), make_buyer())
    pay(order)
    leave(team, order, clock)

    _, again = join_team(team, order.member)
    pay(again)
    pay(join_team(team, make_buyer())[1])

    assert Team.objects.get(pk=team.pk).state == TeamState.SUCCEEDED
    assert_deals_add_up()


def test_leaving_unpaid_cancels_the_order_and_frees_the_seat(clock: Clock) -> None:
    team, order = open_team(make_deal(), make_buyer())

    leave(team, order, clock)

    assert (order.state, seat_of(order).state) == (OrderState.CANCELLED, SeatState.RELEASED)
    assert DealUse.objects.get().used == 0
    assert_deals_add_up()


def test_when_the_opener_leaves_the_others_go_on(clock: Clock) -> None:
    team, first = open_team(make_deal(team_size=2), make_buyer())
    _, second = join_team(team, make_buyer())
    pay(first)
    leave(team, first, clock)
    pay(second)

    pay(join_team(team, make_buyer())[1])

    team.refresh_from_db()
    assert (team.state, team.opener_id) == (TeamState.SUCCEEDED, first.member_id)
    assert_deals_add_up()


def test_after_success_one_may_leave_until_hand_over_and_the_others_keep_their_price(clock: Clock) -> None:
    team, orders = full_team(make_deal())

    leave(team, orders[1], clock)

    team.refresh_from_db()
    assert (team.state, team.paid_seats, seat_of(orders[1]).state) == (TeamState.SUCCEEDED, 2, SeatState.REFUNDED)
    for order in (orders[0], orders[2]):
        order.refresh_from_db()
        assert (order.state, order.refunded_minor, order.amount_minor) == (OrderState.PAID, 0, 3_490)
    page = queries.team_page(code=team.code, viewer=orders[0].member, now=clock.at)
    assert page is not None
    assert (page.card.state, page.card.paid, len(page.faces), page.left_after) == (TeamState.SUCCEEDED, 2, 2, 1)
    assert not page.may_join
    assert_deals_add_up()


def test_once_the_goods_are_handed_over_leaving_is_a_return(clock: Clock) -> None:
    team, orders = full_team(make_deal())
    sales.mark_handed_over(order_id=orders[0].pk, now=clock.at)

    with pytest.raises(GoodsOnTheWay):
        leave(team, orders[0], clock)
    assert seat_of(orders[0]).state == SeatState.PAID


def test_under_the_rule_of_faults_only_nobody_leaves_after_success(clock: Clock) -> None:
    team, orders = full_team(make_deal(refund_rule="fault_only"))

    with pytest.raises(CannotLeave):
        leave(team, orders[0], clock)
    assert_deals_add_up()


def test_before_success_the_rule_of_faults_only_holds_nobody_back(clock: Clock) -> None:
    team, order = open_team(make_deal(refund_rule="fault_only"), make_buyer())
    pay(order)

    leave(team, order, clock)

    assert order.state == OrderState.REFUNDED


def test_a_refund_by_the_shop_empties_the_seat_as_well(clock: Clock) -> None:
    team, orders = full_team(make_deal())

    sales.refund_order(order_id=orders[2].pk, reason="damaged", actor="staff:0", idempotency_key="r1", now=clock.at)

    team.refresh_from_db()
    assert (seat_of(orders[2]).state, team.paid_seats, team.state) == (SeatState.REFUNDED, 2, TeamState.SUCCEEDED)
    assert_deals_add_up()


def test_only_somebody_with_a_seat_can_leave(clock: Clock) -> None:
    team, order = open_team(make_deal(), make_buyer())

    with pytest.raises(NotInTeam):
        deals.leave_team(team_code=team.code, member=make_buyer(), now=clock.at)
    leave(team, order, clock)
    with pytest.raises(NotInTeam):
        leave(team, order, clock)
