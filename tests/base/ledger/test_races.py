"""Sixty-four callers at once: one key has one effect, and no posting is lost."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection

from quanzi.base import doctor
from quanzi.base.ledger import chart, queries
from quanzi.base.ledger.models import Entry, Link, Transaction
from quanzi.base.ledger.services import Leg, post
from quanzi.kernel.money import Money

from .conftest import NOW, legs

pytestmark = pytest.mark.django_db(transaction=True)

CALLERS = 64


def all_at_once(call: Callable[[int], object]) -> list[object]:
    """Run `call` for each caller on a thread and connection of its own, released together; errors are results."""
    gate = threading.Barrier(CALLERS)

    def run(number: int) -> object:
        try:
            connection.ensure_connection()
            gate.wait(timeout=60)
            return call(number)
        except Exception as error:  # noqa: BLE001 - an error is this caller's result
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(CALLERS) as pool:
        return list(pool.map(run, range(CALLERS)))


def test_one_key_posted_by_all_books_once():
    results = all_at_once(lambda _: post(key="same", kind="payment.captured", ref="", entries=legs(), now=NOW).pk)
    assert set(results) == {Transaction.objects.get().pk}
    assert Entry.objects.count() == 2
    assert queries.balance(chart.CASH_PAYSIM) == Money(500)


def test_looking_first_instead_of_using_the_key_books_many_times():
    """The control: the race is real, and it is the unique key that settles it."""

    looked = threading.Barrier(CALLERS)

    def look_then_post(number: int) -> bool:
        there = Transaction.objects.filter(key__startswith="same").exists()
        looked.wait(timeout=60)
        if there:
            return False
        post(key=f"same-{number}", kind="payment.captured", ref="", entries=legs(), now=NOW)
        return True

    assert sum(one is True for one in all_at_once(look_then_post)) == CALLERS
    assert Transaction.objects.count() == CALLERS


def test_postings_that_meet_are_all_booked_and_chained_without_a_fork():
    results = all_at_once(
        lambda number: post(key=f"own-{number}", kind="payment.captured", ref="", entries=legs(), now=NOW).pk
    )
    assert len(set(results)) == CALLERS
    assert queries.balance(chart.CASH_PAYSIM) == Money(500 * CALLERS)
    assert list(Link.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, CALLERS + 1))
    assert queries.verify_chain() is None
    assert all(result.is_well for result in doctor.run(only=["L1", "L2", "L3"]))


def take_100_each() -> list[object]:
    """All callers release 100 out of the 1000 that escrow holds."""
    post(key="in", kind="payment.captured", ref="", entries=legs(1000), now=NOW)
    out = [Leg(chart.ESCROW_BUYERS, 100), Leg(chart.INCOME_GOODS, -100)]
    return all_at_once(lambda number: post(key=f"out-{number}", kind="release", ref="", entries=out, now=NOW).pk)


def test_an_account_is_never_overdrawn_by_callers_who_meet():
    results = take_100_each()
    assert sum(isinstance(one, int) for one in results) == 10
    assert sum(isinstance(one, IntegrityError) for one in results) == CALLERS - 10
    assert queries.balance(chart.ESCROW_BUYERS) == Money.zero()
    assert queries.balance(chart.INCOME_GOODS) == Money(1000)


def test_without_the_floor_the_same_callers_overdraw_the_account():
    """The control: take the guard away and the same race goes below zero."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_balance DISABLE TRIGGER ledger_balance_floor")
        try:
            results = take_100_each()
        finally:
            cursor.execute("ALTER TABLE ledger_balance ENABLE TRIGGER ledger_balance_floor")
    assert sum(isinstance(one, int) for one in results) == CALLERS
    assert queries.balance(chart.ESCROW_BUYERS) == Money(1000 - 100 * CALLERS)
    assert not doctor.run(only=["L2"])[0].is_well
