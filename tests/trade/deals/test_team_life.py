"""A team from its opening to its end, with real payments in the books."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quanzi.base.events.services import deliver_pending
from quanzi.base.ledger import chart
from quanzi.base.ledger.queries import balance
from quanzi.goods.stock.queries import free
from quanzi.kernel import clock as time
from quanzi.kernel.clock import Clock
from quanzi.kernel.errors import DomainError
from quanzi.kernel.money import Money
from quanzi.people.contact.models import Notice
from quanzi.people.trust.models import Tie
from quanzi.trade.deals import services as deals
from quanzi.trade.deals.errors import DealClosed, TeamClosed
from quanzi.trade.deals.models import DealUse, Seat, SeatState, Team, TeamState
from quanzi.trade.deals.services import settling
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Adjustment, OrderState
from tests.factories.deals import (
    assert_deals_add_up,
    capture,
    join_team,
    make_buyer,
    make_deal,
    open_team,
    pay,
    seat_of,
    start_payment,
)

pytestmark = pytest.mark.django_db

MS = timedelta(milliseconds=1)


def notices_of(kind: str) -> set[int]:
    while deliver_pending():
        pass
    return set(Notice.objects.filter(kind=kind).values_list("member_id", flat=True))


def test_three_friends_buy_together_and_everybody_gets_the_price() -> None:
    deal = make_deal()
    ann, bea, cleo = make_buyer("安"), make_buyer("贝"), make_buyer("可")
    team, first = open_team(deal, ann)
    pay(first)
    _, second = join_team(team, bea, invited_by_id=ann.pk)
    pay(second)
    _, third = join_team(team, cleo, invited_by_id=bea.pk)
    team.refresh_from_db()
    assert (team.state, team.taken_seats, team.paid_seats) == (TeamState.FORMING, 3, 2)

    pay(third)

    team.refresh_from_db()
    assert (team.state, team.succeeded_at, team.paid_seats) == (TeamState.SUCCEEDED, time.now(), 3)
    for order in (first, second, third):
        order.refresh_from_db()
        assert (order.state, order.amount_minor, order.released_at) == (OrderState.PAID, 3_490, time.now())
        step = Adjustment.objects.get(order=order, source=f"deal:{deal.pk}")
        assert (step.label_zh, step.amount_minor) == ("三份同箱，省分装", -500)
    pairs = set(Tie.objects.filter(evidence=f"team:{team.pk}").values_list("source_id", "target_id"))
    people = [ann.pk, bea.pk, cleo.pk]
    assert pairs == {(one, other) for one in people for other in people if one != other}
    assert notices_of("team_joined") == {ann.pk}
    assert notices_of("team_succeeded") == set(people)
    assert_deals_add_up()


def test_a_team_that_does_not_fill_up_gives_everything_back(clock: Clock) -> None:
    deal = make_deal(stock_of=10)
    paid = [make_buyer(), make_buyer()]
    team, first = open_team(deal, paid[0])
    payments = [pay(first)]
    _, second = join_team(team, paid[1])
    payments.append(pay(second))
    clock.at = team.deadline - timedelta(minutes=2)
    _, third = join_team(team, make_buyer())
    assert free([deal.sku_id]) == {deal.sku_id: 7}
    clock.at = team.deadline

    assert deals.fail_due(clock.at) == 1

    team.refresh_from_db()
    assert (team.state, team.failed_at, team.taken_seats, team.paid_seats) == (TeamState.FAILED, team.deadline, 0, 0)
    for payment, order in zip(payments, (first, second), strict=True):
        payment.refresh_from_db()
        order.refresh_from_db()
        assert (payment.refunded_minor, order.refunded_minor, order.state) == (3_490, 3_490, OrderState.REFUNDED)
        assert seat_of(order).state == SeatState.REFUNDED
    third.refresh_from_db()
    assert (third.state, seat_of(third).state) == (OrderState.CANCELLED, SeatState.RELEASED)
    assert free([deal.sku_id]) == {deal.sku_id: 10}
    assert balance(chart.ESCROW_BUYERS) == balance(chart.CASH_OFFLINE) == Money.zero()
    assert set(DealUse.objects.values_list("used", flat=True)) == {0}
    assert notices_of("team_failed") == {member.pk for member in paid}
    assert not Tie.objects.exists()
    assert deals.fail_due(clock.at) == 0
    assert_deals_add_up()


def test_several_processes_can_share_the_teams_that_are_due(clock: Clock) -> None:
    deal = make_deal(per_member_limit=2)
    (one, first), (other, second) = open_team(deal, make_buyer()), open_team(deal, make_buyer())
    pay(first)
    pay(second)
    clock.at = other.deadline

    assert deals.fail_due(clock.at, only=[one.pk]) == 1
    assert (seat_of(first).state, seat_of(second).state) == (SeatState.REFUNDED, SeatState.PAID)
    assert deals.fail_due(clock.at, only=[]) == 0
    assert deals.fail_due(clock.at) == 1
    assert_deals_add_up()


def test_before_its_deadline_a_team_does_not_fail(clock: Clock) -> None:
    team, order = open_team(make_deal(), make_buyer())
    pay(order)

    assert deals.fail_due(team.deadline - MS) == 0
    assert Team.objects.get(pk=team.pk).state == TeamState.FORMING


def test_giving_back_goes_on_where_it_was_interrupted(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    deal = make_deal()
    team, first = open_team(deal, make_buyer())
    _, second = join_team(team, make_buyer())
    pay(first)
    pay(second)
    clock.at = team.deadline

    class Interrupted(DomainError):
        code = "interrupted"

    def refuse(**_: object) -> None:
        raise Interrupted

    with monkeypatch.context() as broken:
        broken.setattr(settling.sales, "refund_order", refuse)
        deals.fail_due(clock.at)
    assert set(Seat.objects.values_list("state", flat=True)) == {SeatState.PAID}

    assert deals.fail_due(clock.at) == 1
    assert set(Seat.objects.values_list("state", flat=True)) == {SeatState.REFUNDED}
    assert_deals_add_up()


def test_a_millisecond_before_the_deadline_a_payment_completes_the_team(clock: Clock) -> None:
    team, first = open_team(make_deal(team_size=2), make_buyer())
    pay(first)
    clock.at = team.deadline - timedelta(minutes=1)
    _, second = join_team(team, make_buyer())
    assert second.pay_by == team.deadline
    payment = start_payment(second)
    clock.at = team.deadline - MS

    capture(payment)

    assert Team.objects.get(pk=team.pk).state == TeamState.SUCCEEDED
    assert_deals_add_up()


@pytest.mark.parametrize("late", [timedelta(), MS])
def test_from_the_deadline_on_a_payment_does_not_count_and_goes_back(clock: Clock, late: timedelta) -> None:
    team, first = open_team(make_deal(team_size=2), make_buyer())
    pay(first)
    clock.at = team.deadline - timedelta(minutes=1)
    latecomer = make_buyer()
    _, second = join_team(team, latecomer)
    payment = start_payment(second)
    clock.at = team.deadline + late

    capture(payment)

    payment.refresh_from_db()
    second.refresh_from_db()
    assert (payment.surplus, payment.refunded_minor) == (True, second.amount_minor)
    assert (second.state, seat_of(second).state) == (OrderState.CANCELLED, SeatState.RELEASED)
    assert notices_of("team_late") == {latecomer.pk}
    deals.fail_due(clock.at)
    assert Team.objects.get(pk=team.pk).state == TeamState.FAILED
    assert balance(chart.ESCROW_BUYERS) == Money.zero()
    assert_deals_add_up()


def test_joining_ends_at_the_deadline(clock: Clock) -> None:
    team, _ = open_team(make_deal(), make_buyer())
    clock.at = team.deadline - MS
    join_team(team, make_buyer())
    clock.at = team.deadline

    with pytest.raises(TeamClosed):
        join_team(team, make_buyer())


def test_a_team_never_lives_past_the_end_of_its_deal(clock: Clock) -> None:
    ends_at = clock.at + timedelta(minutes=20)
    deal = make_deal(ends_at=ends_at)
    team, _ = open_team(deal, make_buyer())
    assert team.deadline == ends_at

    clock.at = ends_at
    with pytest.raises(DealClosed):
        open_team(deal, make_buyer())


def test_an_unpaid_seat_comes_free_when_its_order_expires(clock: Clock) -> None:
    team, order = open_team(make_deal(), make_buyer())
    clock.at = order.pay_by

    sales.expire_unpaid(now=clock.at)

    team.refresh_from_db()
    assert (team.taken_seats, seat_of(order).state) == (0, SeatState.RELEASED)
    assert_deals_add_up()


def test_a_late_payment_takes_a_free_seat_again_while_the_team_forms(clock: Clock) -> None:
    team, order = open_team(make_deal(), make_buyer())
    payment = start_payment(order)
    clock.at = order.pay_by
    sales.cancel_order(order_id=order.pk, actor="system", reason="expired", now=clock.at)
    assert seat_of(order).state == SeatState.RELEASED

    capture(payment)

    team.refresh_from_db()
    assert (seat_of(order).state, team.taken_seats, team.paid_seats) == (SeatState.PAID, 1, 1)
    assert_deals_add_up()


def test_a_late_payment_goes_back_when_somebody_else_has_the_seat(clock: Clock) -> None:
    team, first = open_team(make_deal(team_size=2), make_buyer())
    _, second = join_team(team, make_buyer())
    pay(first)
    payment = start_payment(second)
    clock.at = second.pay_by
    sales.cancel_order(order_id=second.pk, actor="system", reason="expired", now=clock.at)
    _, third = join_team(team, make_buyer())

    capture(payment)

    payment.refresh_from_db()
    team.refresh_from_db()
    assert (payment.surplus, payment.refunded_minor) == (True, 3_490)
    assert (seat_of(second).state, seat_of(third).state) == (SeatState.RELEASED, SeatState.HELD)
    assert (team.taken_seats, team.paid_seats) == (2, 1)
    assert_deals_add_up()


def test_a_late_payment_goes_back_when_the_goods_are_gone(clock: Clock) -> None:
    deal = make_deal(stock_of=1)
    _, order = open_team(deal, make_buyer())
    payment = start_payment(order)
    clock.at = order.pay_by
    sales.cancel_order(order_id=order.pk, actor="system", reason="expired", now=clock.at)
    other, _ = open_team(deal, make_buyer())

    capture(payment)

    payment.refresh_from_db()
    assert (payment.surplus, payment.refunded_minor) == (True, 3_490)
    assert seat_of(order).state == SeatState.RELEASED
    assert Team.objects.get(pk=other.pk).taken_seats == 1
    assert_deals_add_up()


def test_a_stopped_deal_takes_no_new_teams_and_lets_the_others_finish(clock: Clock) -> None:
    deal = make_deal(team_size=2)
    team, first = open_team(deal, make_buyer())
    pay(first)
    clock.move(timedelta(minutes=1))
    deals.stop_deal(deal_id=deal.pk, actor="test", now=clock.at)

    with pytest.raises(DealClosed):
        open_team(deal, make_buyer())
    _, second = join_team(team, make_buyer())
    pay(second)

    assert Team.objects.get(pk=team.pk).state == TeamState.SUCCEEDED
    assert_deals_add_up()


def test_in_a_large_team_each_is_tied_to_the_opener_only() -> None:
    deal = make_deal(team_size=12)
    opener = make_buyer()
    team, order = open_team(deal, opener)
    pay(order)
    for _ in range(11):
        _, order = join_team(team, make_buyer())
        pay(order)

    pairs = set(Tie.objects.values_list("source_id", "target_id"))
    assert len(pairs) == 22
    assert all(opener.pk in pair for pair in pairs)
