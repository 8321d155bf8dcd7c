"""Teams for newcomers: new is who never paid an order before, at the moment of payment."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.base.events.services import deliver_pending
from quanzi.people.contact.models import Notice
from quanzi.trade.deals.errors import NotNew
from quanzi.trade.deals.models import SeatState, Team
from quanzi.trade.deals.queries import team_page
from quanzi.trade.sales.models import OrderState
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


def test_somebody_known_opens_it_and_only_newcomers_join() -> None:
    known, new = make_buyer(), make_buyer()
    pay(open_team(make_deal(), known)[1])
    team, first = open_team(make_deal(team_size=2, newcomers_only=True), known)
    pay(first)

    with pytest.raises(NotNew):
        other = make_buyer()
        pay(open_team(make_deal(), other)[1])
        join_team(team, other)
    page = team_page(code=team.code, viewer=other, now=team.opened_at)
    assert page is not None and page.why_not == "not_new"

    pay(join_team(team, new)[1])
    assert Team.objects.get(pk=team.pk).state == "succeeded"
    assert_deals_add_up()


def test_who_bought_something_between_joining_and_paying_gets_the_money_back() -> None:
    team, first = open_team(make_deal(team_size=3, newcomers_only=True), make_buyer())
    pay(first)
    quick = make_buyer()
    order = join_team(team, quick)[1]
    waiting = start_payment(order)
    pay(open_team(make_deal(), quick)[1])

    late = capture(waiting)

    order.refresh_from_db()
    assert (late.surplus, late.refunded_minor, order.state) == (True, late.amount_minor, OrderState.CANCELLED)
    assert seat_of(order).state == SeatState.RELEASED
    assert Team.objects.get(pk=team.pk).taken_seats == 1
    while deliver_pending():
        pass
    assert Notice.objects.filter(member=quick, kind="team_not_new").count() == 1
    assert_deals_add_up()


def test_two_newcomer_seats_of_one_person_are_one() -> None:
    person = make_buyer()
    payments = []
    for _ in range(2):
        team, first = open_team(make_deal(team_size=3, newcomers_only=True), make_buyer())
        pay(first)
        payments.append(start_payment(join_team(team, person)[1]))
    assert [capture(payment).surplus for payment in payments] == [False, True]
    assert_deals_add_up()


def test_the_database_refuses_a_seat_of_somebody_who_is_not_new(monkeypatch: pytest.MonkeyPatch) -> None:
    team, first = open_team(make_deal(team_size=3, newcomers_only=True), make_buyer())
    pay(first)
    person = make_buyer()
    waiting = start_payment(join_team(team, person)[1])
    pay(open_team(make_deal(), person)[1])
    monkeypatch.setattr("quanzi.trade.deals.services.seats.is_new_now", lambda **_: True)
    with pytest.raises(IntegrityError), transaction.atomic():
        capture(waiting)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE deals_team SET newcomers_only = false")
