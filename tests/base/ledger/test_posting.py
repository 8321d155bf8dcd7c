"""Posting through the service: once per key, balanced, reversible."""

import hashlib
import json
from collections import Counter

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from quanzi.base.ledger import chart, queries
from quanzi.base.ledger.errors import (
    AlreadyReversed,
    KeyReused,
    NoSuchTransaction,
    Unbalanced,
    UnknownAccount,
    WrongCurrency,
)
from quanzi.base.ledger.models import Entry, Link, Transaction
from quanzi.base.ledger.services import Booking, Leg, account, post, post_all, reverse
from quanzi.kernel.money import Money

from .conftest import NOW, legs

pytestmark = pytest.mark.django_db


def test_a_booking_moves_both_balances(pay):
    pay("p1", 1250)
    queries.settle_deferred()
    assert queries.balance(chart.CASH_PAYSIM) == Money(1250)
    assert queries.balance(chart.ESCROW_BUYERS) == Money(1250), "a debt counts above zero on its own side"
    assert queries.balances(prefix="escrow.") == {chart.ESCROW_BUYERS: Money(1250)}


def test_an_account_that_nobody_posted_to_holds_nothing():
    assert queries.balance("cash.nowhere") == Money.zero()


def test_the_same_key_again_returns_the_first_and_books_nothing(pay):
    first, again = pay("p1"), pay("p1")
    queries.settle_deferred()
    assert first.pk == again.pk
    assert Entry.objects.count() == 2
    assert queries.balance(chart.CASH_PAYSIM) == Money(500)


def test_the_same_key_with_other_entries_is_refused(pay):
    pay("p1", 500)
    with pytest.raises(KeyReused):
        pay("p1", 501)
    with pytest.raises(KeyReused):
        post(key="p1", kind="other", ref="payment:1", entries=legs(), now=NOW)
    assert Transaction.objects.count() == 1


def test_many_bookings_are_sealed_one_by_one_and_refused_all_together():
    post_all([])
    post_all([Booking(f"many:{one}", "cash", "payment:1", legs(100 + one), NOW) for one in range(3)])
    queries.settle_deferred()
    assert queries.balance(chart.CASH_PAYSIM) == Money(303)
    assert Link.objects.count() == 3
    with pytest.raises(IntegrityError), transaction.atomic():
        post_all([Booking(key, "cash", "payment:1", legs(), NOW) for key in ("many:3", "many:2")])
    with pytest.raises(Unbalanced):
        post_all([Booking("many:4", "cash", "payment:1", [*legs(), Leg(chart.CASH_PAYSIM, 1)], NOW)])
    with pytest.raises(UnknownAccount):
        post_all([Booking("many:5", "cash", "payment:1", [Leg("nowhere.at_all", 1), Leg(chart.CASH_PAYSIM, -1)], NOW)])
    assert Transaction.objects.count() == 3


@pytest.mark.parametrize(
    "entries",
    [
        [],
        [Leg(chart.CASH_PAYSIM, 1)],
        [Leg(chart.CASH_PAYSIM, 2), Leg(chart.ESCROW_BUYERS, -1)],
        [Leg(chart.CASH_PAYSIM, 0), Leg(chart.ESCROW_BUYERS, 0)],
        [Leg(chart.CASH_PAYSIM, 1, "CNY"), Leg(chart.ESCROW_BUYERS, -1, "USD")],
        [Leg(chart.CASH_PAYSIM, 1.5), Leg(chart.ESCROW_BUYERS, -1.5)],
        [Leg(chart.CASH_PAYSIM, True), Leg(chart.ESCROW_BUYERS, -1)],
    ],
)
def test_entries_that_do_not_cancel_out_are_refused_before_the_database(entries):
    with pytest.raises(Unbalanced):
        post(key="p1", kind="x", ref="", entries=entries, now=NOW)
    assert not Transaction.objects.exists()


@pytest.mark.parametrize("code", ["", "cash", "cash.", "petty.box", "CASH.paysim", "'; DROP TABLE ledger_entry; --"])
def test_an_account_outside_the_chart_is_refused_and_nothing_is_booked(code):
    with pytest.raises(UnknownAccount):
        post(key="p1", kind="x", ref="", entries=[Leg(code, 1), Leg(chart.ESCROW_BUYERS, -1)], now=NOW)
    assert not Transaction.objects.exists()


def test_an_account_keeps_one_currency(pay):
    pay("p1")
    dollars = [Leg(chart.CASH_PAYSIM, 1, "USD"), Leg("escrow.usd", -1, "USD")]
    with pytest.raises(WrongCurrency):
        post(key="p2", kind="x", ref="", entries=dollars, now=NOW)
    mixed = [*legs(5), *dollars]
    with pytest.raises(WrongCurrency):
        post(key="p3", kind="x", ref="", entries=mixed, now=NOW)
    assert Transaction.objects.count() == 1


def test_a_reversal_is_the_exact_opposite_and_happens_once(pay):
    first = pay("p1", 700)
    back = reverse(transaction_id=first.pk, key="r1", now=NOW, memo="buyer changed their mind")
    queries.settle_deferred()
    assert queries.balance(chart.CASH_PAYSIM) == Money.zero()
    assert reverse(transaction_id=first.pk, key="r1", now=NOW).pk == back.pk
    with pytest.raises(AlreadyReversed):
        reverse(transaction_id=first.pk, key="r2", now=NOW)
    with pytest.raises(NoSuchTransaction):
        reverse(transaction_id=0, key="r3", now=NOW)


def test_a_key_that_booked_something_else_cannot_reverse(pay):
    first = pay("p1", 700)
    pay("p2", 700)
    with pytest.raises(KeyReused):
        reverse(transaction_id=first.pk, key="p2", now=NOW)


def test_escrow_cannot_pay_out_more_than_it_holds(pay):
    pay("p1", 100)
    queries.settle_deferred()
    with pytest.raises(IntegrityError, match="below zero"), transaction.atomic():
        post(
            key="out",
            kind="payment.refunded",
            ref="",
            entries=[Leg(chart.ESCROW_BUYERS, 101), Leg(chart.INCOME_GOODS, -101)],
            now=NOW,
        )
        queries.settle_deferred()
    assert queries.balance(chart.ESCROW_BUYERS) == Money(100)


def test_the_bank_and_expenses_may_fall_below_zero():
    ads = [Leg(chart.SPEND_MARKETING, 900), Leg(chart.CASH_BANK, -900)]
    post(key="ad", kind="spend", ref="spend:1", entries=ads, now=NOW)
    queries.settle_deferred()
    assert queries.balance(chart.CASH_BANK) == Money(-900)
    assert queries.balance(chart.SPEND_MARKETING) == Money(900)


def test_the_chart_decides_kind_and_floor_of_a_new_account():
    held = account(chart.cash("wechat"))
    assert (held.code, held.kind, held.may_go_negative) == ("cash.wechat", chart.ASSET, False)
    assert account("cash.wechat").pk == held.pk


def test_posting_takes_one_query_once_its_accounts_exist(pay, django_assert_num_queries):
    pay("p1")
    with django_assert_num_queries(1):
        pay("p2")


def test_the_journal_shows_newest_first_with_lines_and_pages(pay, django_assert_num_queries):
    for number in range(20):
        pay(f"p{number}", 100 + number)
    queries.settle_deferred()
    with django_assert_num_queries(2):
        page = queries.journal(limit=20)
    assert [row.key for row in page] == [f"p{number}" for number in reversed(range(20))]
    assert [line.amount for line in page[0].lines] == [Money(119), Money(-119)]
    assert page[0].seq == 20 and page[0].hash
    older = queries.journal(before_id=page[-2].id, limit=5)
    assert [row.key for row in older] == ["p0"]
    assert queries.journal(ref="payment:2") == []
    assert len(queries.journal(account_code=chart.CASH_PAYSIM, kind="payment.captured")) == 20
    with django_assert_num_queries(2):
        queries.journal(limit=1)


def test_the_chain_can_be_recomputed_outside_the_database(pay):
    post(key='k"1\n\\', kind="payment.captured", ref="支付:1", entries=legs(), now=NOW, memo="苹果 🍎", actor="阿明")
    reverse(transaction_id=pay("p2").pk, key="r", now=NOW)
    queries.settle_deferred()
    before = "0" * 64
    for link in Link.objects.order_by("seq").select_related("transaction"):
        one = link.transaction
        stamps = [round(at.timestamp() * 1_000_000) for at in (one.occurred_at, one.posted_at)]
        entries = [
            [entry.pk, entry.account.code, entry.amount_minor, entry.currency]
            for entry in one.entries.order_by("id").select_related("account")
        ]
        body = [one.pk, one.key, one.kind, one.memo, one.ref, one.actor, one.reverses_id, *stamps, entries]
        text = before + "\n" + json.dumps(body, ensure_ascii=False)
        assert link.prev_hash == before
        assert link.hash == hashlib.sha256(text.encode()).hexdigest()
        before = link.hash
    assert queries.verify_chain() is None


PREFIXES = ["receivable.a", "receivable.b", "payable.c", "income.d", "cost.e", "equity.f"]
bookings = st.lists(
    st.lists(st.tuples(st.sampled_from(PREFIXES), st.integers(-(10**9), 10**9).filter(bool)), min_size=1, max_size=5),
    max_size=6,
)


@settings(max_examples=40, deadline=None)
@given(bookings)
def test_any_bookings_leave_balances_that_are_the_sums_of_entries(many):
    with transaction.atomic():
        expected: Counter[str] = Counter()
        for number, lines in enumerate(many):
            rest = -sum(minor for _, minor in lines)
            entries = [Leg(code, minor) for code, minor in lines]
            entries += [Leg("equity.rest", rest)] if rest else [Leg("equity.rest", 1), Leg("equity.rest", -1)]
            post(key=f"b{number}", kind="any", ref="", entries=entries, now=NOW)
            expected.update({code: 0 for code, _ in lines})
            for entry in entries:
                expected[entry.account_code] += entry.minor
        queries.settle_deferred()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT a.code, b.balance_minor FROM ledger_balance b JOIN ledger_account a ON a.id = b.account_id"
            )
            assert dict(cursor.fetchall()) == dict(expected)
        assert sum(expected.values()) == 0
        assert queries.verify_chain() is None
        transaction.set_rollback(True)
