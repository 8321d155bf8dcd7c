"""Opening, joining, paying and failing are done tens of thousands of times by a replay: their cost is kept in sight.

A savepoint and its release count as queries here, since a test runs inside a transaction.
"""

from __future__ import annotations

from typing import Any

import pytest

from quanzi.kernel.clock import Clock
from quanzi.trade.deals import services as deals
from tests.factories.deals import capture, join_team, make_buyer, make_deal, make_point, open_team, pay, start_payment

pytestmark = pytest.mark.django_db


def test_opening_a_team(django_assert_max_num_queries: Any) -> None:
    deal, member, point = make_deal(), make_buyer(), make_point()
    with django_assert_max_num_queries(18):
        open_team(deal, member, point=point)


def test_joining_a_team(django_assert_max_num_queries: Any) -> None:
    point = make_point()
    team, _ = open_team(make_deal(), make_buyer(), point=point)
    member = make_buyer()
    with django_assert_max_num_queries(16):
        join_team(team, member, point=point)


def test_paying_a_seat(django_assert_max_num_queries: Any) -> None:
    team, first = open_team(make_deal(team_size=3), make_buyer())
    orders = [first, *(join_team(team, make_buyer())[1] for _ in range(2))]
    payments = [start_payment(order) for order in orders]
    capture(payments[0])
    with django_assert_max_num_queries(32):
        capture(payments[1])


def test_paying_the_last_one(django_assert_max_num_queries: Any) -> None:
    team, first = open_team(make_deal(team_size=2), make_buyer())
    _, second = join_team(team, make_buyer())
    pay(first)
    payment = start_payment(second)
    with django_assert_max_num_queries(43):
        capture(payment)


def test_failing_a_team_with_one_paid_seat(clock: Clock, django_assert_max_num_queries: Any) -> None:
    team, first = open_team(make_deal(), make_buyer())
    pay(first)
    clock.at = team.deadline
    with django_assert_max_num_queries(42):
        deals.fail_due(clock.at)
