"""Plain SQL against the books: every way around the service ends at the database's own guards."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from quanzi.base import doctor
from quanzi.base.ledger import chart, queries
from quanzi.base.ledger.models import Account, Entry, Link, Transaction
from quanzi.kernel.money import Money

pytestmark = pytest.mark.django_db(transaction=True)

INSERT = """INSERT INTO ledger_transaction (key, kind, memo, ref, actor, occurred_at, posted_at, reverses_id)
            VALUES (%s, 'raw', '', '', 'mallory', now(), now(), %s) RETURNING id"""
LINE = """INSERT INTO ledger_entry (transaction_id, account_id, amount_minor, currency)
          SELECT %s, id, %s, %s FROM ledger_account WHERE code = %s"""


def sql(text: str, *params: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        return cursor.fetchall() if cursor.description else []


def raw_booking(key: str, *lines: tuple[str, int], currency: str = "CNY", reverses: int | None = None) -> int:
    """A transaction and its entries by plain SQL, committed together."""
    with transaction.atomic():
        number = sql(INSERT, key, reverses)[0][0]
        for code, minor in lines:
            sql(LINE, number, minor, currency, code)
    return number


def broken(id: str) -> doctor.Result:
    return doctor.run(only=[id])[0]


@pytest.fixture
def paid(pay) -> Transaction:
    """One booking of 500 between the two accounts the attacks use."""
    return pay("p1", 500)


def test_a_sound_booking_by_plain_sql_is_sealed_like_any_other(paid):
    number = raw_booking("raw", (chart.CASH_PAYSIM, 7), (chart.ESCROW_BUYERS, -7))
    assert Link.objects.get(transaction_id=number).seq == 2
    assert queries.balance(chart.CASH_PAYSIM) == Money(507)


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [(chart.CASH_PAYSIM, 5)],
        [(chart.CASH_PAYSIM, 5), (chart.ESCROW_BUYERS, -4)],
        [(chart.CASH_PAYSIM, 5), (chart.ESCROW_BUYERS, 5)],
        [(chart.CASH_PAYSIM, 0), (chart.ESCROW_BUYERS, 0)],
        [(chart.CASH_PAYSIM, 10**15), (chart.ESCROW_BUYERS, -(10**15))],
    ],
)
def test_an_unbalanced_or_empty_transaction_never_commits(paid, lines):
    with pytest.raises(IntegrityError):
        raw_booking("raw", *lines)
    assert Transaction.objects.count() == 1 and queries.balance(chart.CASH_PAYSIM) == Money(500)


def test_two_currencies_cannot_cancel_each_other_out(paid):
    Account.objects.create(code="escrow.usd", currency="USD", kind="liability")
    with pytest.raises(IntegrityError), transaction.atomic():
        number = sql(INSERT, "raw", None)[0][0]
        sql(LINE, number, 5, "CNY", chart.CASH_PAYSIM)
        sql(LINE, number, -5, "USD", "escrow.usd")


def test_an_entry_must_use_its_accounts_currency(paid):
    with pytest.raises(IntegrityError, match="currency"):
        raw_booking("raw", (chart.CASH_PAYSIM, 5), (chart.ESCROW_BUYERS, -5), currency="USD")


def test_a_guarded_account_cannot_be_overdrawn_by_plain_sql(paid):
    with pytest.raises(IntegrityError, match="below zero"):
        raw_booking("raw", (chart.CASH_PAYSIM, -501), (chart.ESCROW_BUYERS, 501))
    with pytest.raises(IntegrityError, match="below zero"):
        sql(
            "UPDATE ledger_balance b SET balance_minor = -1 FROM ledger_account a "
            "WHERE a.id = b.account_id AND a.code = %s",
            chart.CASH_PAYSIM,
        )


@pytest.mark.parametrize("table", ["ledger_transaction", "ledger_entry", "ledger_link"])
@pytest.mark.parametrize("role", ["origin", "replica"])
def test_nothing_booked_can_be_updated_or_deleted_even_as_a_replica(paid, table, role):
    column = {"ledger_transaction": "memo", "ledger_entry": "currency", "ledger_link": "hash"}[table]
    for attack in (f"UPDATE {table} SET {column} = 'USD'", f"DELETE FROM {table}"):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            sql(f"SET LOCAL session_replication_role = {role}")
            sql(attack)
    assert (Transaction.objects.count(), Entry.objects.count(), Link.objects.count()) == (1, 2, 1)


def test_an_entry_cannot_be_added_to_a_sealed_transaction(paid):
    with pytest.raises(IntegrityError, match="never later"), transaction.atomic():
        sql(LINE, paid.pk, 5, "CNY", chart.CASH_PAYSIM)
        sql(LINE, paid.pk, -5, "CNY", chart.ESCROW_BUYERS)


def test_an_entry_cannot_be_slipped_into_a_transaction_still_in_flight(paid):
    other = connections["default"].copy()
    try:
        with transaction.atomic():
            number = sql(INSERT, "raw", None)[0][0]
            sql(LINE, number, 5, "CNY", chart.CASH_PAYSIM)
            sql(LINE, number, -5, "CNY", chart.ESCROW_BUYERS)
            with other.cursor() as cursor, pytest.raises(IntegrityError, match="never later"):
                cursor.execute(LINE, [number, 9, "CNY", chart.CASH_PAYSIM])
    finally:
        other.close()
    assert Entry.objects.filter(transaction_id=number).count() == 2


def test_a_link_can_only_be_written_by_the_seal(paid):
    with pytest.raises(IntegrityError, match="only sealing"), transaction.atomic():
        number = sql(INSERT, "raw", None)[0][0]
        sql("INSERT INTO ledger_link VALUES (%s, 2, repeat('0', 64), repeat('0', 64))", number)


def test_a_reversal_must_undo_exactly_and_only_once(paid):
    with pytest.raises(IntegrityError, match="undo"):
        raw_booking("raw", (chart.CASH_PAYSIM, -400), (chart.ESCROW_BUYERS, 400), reverses=paid.pk)
    raw_booking("raw", (chart.CASH_PAYSIM, -500), (chart.ESCROW_BUYERS, 500), reverses=paid.pk)
    with pytest.raises(IntegrityError):
        raw_booking("raw2", (chart.CASH_PAYSIM, -500), (chart.ESCROW_BUYERS, 500), reverses=paid.pk)


@pytest.mark.parametrize("change", ["code = 'cash.other'", "currency = 'USD'", "kind = 'income'", "id = 999"])
def test_an_account_keeps_what_its_entries_were_booked_under(paid, change):
    with pytest.raises(IntegrityError, match="keeps its code"), transaction.atomic():
        sql(f"UPDATE ledger_account SET {change} WHERE code = %s", chart.CASH_PAYSIM)
    with pytest.raises(IntegrityError), transaction.atomic():
        sql("DELETE FROM ledger_account WHERE code = %s", chart.CASH_PAYSIM)


def test_a_floor_cannot_be_put_under_an_account_that_is_already_below_it(paid):
    sql("UPDATE ledger_account SET may_go_negative = true WHERE code = %s", chart.CASH_PAYSIM)
    sql("UPDATE ledger_account SET may_go_negative = true WHERE code = %s", chart.ESCROW_BUYERS)
    raw_booking("raw", (chart.CASH_PAYSIM, -600), (chart.ESCROW_BUYERS, 600))
    with pytest.raises(IntegrityError, match="below zero"), transaction.atomic():
        sql("UPDATE ledger_account SET may_go_negative = false WHERE code = %s", chart.CASH_PAYSIM)


def test_the_tables_cannot_be_emptied_at_once(paid):
    for table in ("ledger_transaction", "ledger_entry", "ledger_link", "audit_auditentry"):
        with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
            sql(f"TRUNCATE {table} CASCADE")
    assert Entry.objects.count() == 2


def test_a_balance_edited_by_hand_is_found_and_repaired_from_the_entries(paid):
    sql("UPDATE ledger_balance SET balance_minor = balance_minor * 3")
    found = broken("L2")
    assert found.violations == 2 and found.sample[0]["problem"] == "balance differs from its entries"
    repaired = doctor.run(fix=True, only=["L2"])[0]
    assert (repaired.violations, repaired.fixed) == (0, 2)
    assert queries.balance(chart.CASH_PAYSIM) == Money(500)


def test_a_balance_removed_by_hand_is_found_and_repaired(paid):
    sql("DELETE FROM ledger_balance")
    assert broken("L2").violations == 2
    assert doctor.run(fix=True, only=["L2"])[0].is_well
    assert queries.balance(chart.ESCROW_BUYERS) == Money(500)


def without_guards(table: str, attack: str) -> None:
    """What only the owner of the tables can do: switch a guard off, change a row, switch it on again."""
    with transaction.atomic():
        sql(f"ALTER TABLE {table} DISABLE TRIGGER ledger_append_only")
        sql(attack)
        sql(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER ledger_append_only")


def test_a_chain_broken_by_the_owner_of_the_tables_is_found_at_its_place(pay):
    for number in range(5):
        pay(f"p{number}")
    assert queries.verify_chain() is None and broken("L3").is_well
    without_guards("ledger_transaction", "UPDATE ledger_transaction SET memo = 'nothing to see' WHERE key = 'p2'")
    assert queries.verify_chain() == 3
    assert broken("L3").sample[0]["place"] == "3"


def test_amounts_changed_by_the_owner_of_the_tables_are_found_by_chain_and_balance(pay):
    for number in range(3):
        pay(f"p{number}")
    without_guards("ledger_entry", "UPDATE ledger_entry SET amount_minor = amount_minor * 2 WHERE mod(id, 2) = 0")
    assert not broken("L1").is_well and not broken("L2").is_well and not broken("L3").is_well


def test_a_link_cut_out_of_the_chain_is_found(pay):
    for number in range(3):
        pay(f"p{number}")
    without_guards("ledger_link", "DELETE FROM ledger_link WHERE seq = 2")
    problems = {row["problem"] for row in broken("L3").sample}
    assert problems == {"hash does not match", "not in the chain"}


def test_a_guard_that_is_switched_off_is_reported(paid):
    sql("ALTER TABLE ledger_entry DISABLE TRIGGER ledger_append_only")
    try:
        assert "ledger_append_only is switched off" in broken("L3").sample[0]["problem"]
    finally:
        sql("ALTER TABLE ledger_entry ENABLE ALWAYS TRIGGER ledger_append_only")
    assert broken("L3").is_well
