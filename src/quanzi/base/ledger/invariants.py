"""What must hold in the books."""

from django.db import connection

from quanzi.base.doctor import invariant
from quanzi.base.ledger.queries import BROKEN_LINKS


@invariant("L1", "Every ledger transaction balances in each currency")
def unbalanced_transactions() -> str:
    """Transactions whose entries do not cancel out, are fewer than two, or use a foreign currency."""
    return """
        SELECT transaction_id, currency, sum(amount_minor) AS off_by_minor, 'does not balance' AS problem
        FROM ledger_entry GROUP BY transaction_id, currency HAVING sum(amount_minor) <> 0
        UNION ALL
        SELECT t.id, '', count(e.id), 'fewer than two entries'
        FROM ledger_transaction t LEFT JOIN ledger_entry e ON e.transaction_id = t.id
        GROUP BY t.id HAVING count(e.id) < 2
        UNION ALL
        SELECT e.transaction_id, e.currency, e.amount_minor, 'not the currency of account ' || a.code
        FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id AND a.currency <> e.currency"""


def rebuild_balances() -> None:
    """Set every cached balance to the sum of its account's entries, while nobody can post."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(4201, 1)")
        cursor.execute(
            """INSERT INTO ledger_balance AS b (account_id, balance_minor)
               SELECT a.id, coalesce(sum(e.amount_minor), 0)
               FROM ledger_account a LEFT JOIN ledger_entry e ON e.account_id = a.id
               GROUP BY a.id ORDER BY a.id
               ON CONFLICT (account_id) DO UPDATE SET balance_minor = excluded.balance_minor
               WHERE b.balance_minor <> excluded.balance_minor"""
        )


@invariant(
    "L2",
    "Each balance is the sum of its entries, and guarded accounts are not below zero",
    fix=rebuild_balances,
)
def wrong_balances() -> str:
    """Accounts whose cached balance differs from their entries, or is below its floor."""
    return """
        WITH summed AS (
            SELECT a.id, a.code, a.kind, a.may_go_negative, coalesce(b.balance_minor, 0) AS cached_minor,
                   coalesce((SELECT sum(e.amount_minor) FROM ledger_entry e WHERE e.account_id = a.id), 0) AS real_minor
            FROM ledger_account a LEFT JOIN ledger_balance b ON b.account_id = a.id)
        SELECT code, cached_minor, real_minor, 'balance differs from its entries' AS problem
        FROM summed WHERE cached_minor <> real_minor
        UNION ALL
        SELECT code, cached_minor, real_minor, 'below zero'
        FROM summed WHERE NOT may_go_negative AND ledger_natural(kind, real_minor::bigint) < 0"""


@invariant("L3", "The books are append-only and their hash chain is unbroken")
def broken_chain() -> str:
    """Links that do not follow from their facts, transactions outside the chain, guards switched off."""
    return f"""
        SELECT seq::text AS place, transaction_id, 'hash does not match' AS problem FROM ({BROKEN_LINKS}) broken
        UNION ALL
        SELECT '', t.id, 'not in the chain'
        FROM ledger_transaction t LEFT JOIN ledger_link l ON l.transaction_id = t.id WHERE l.transaction_id IS NULL
        UNION ALL
        SELECT tgrelid::regclass::text, NULL, 'guard ' || tgname || ' is switched off'
        FROM pg_trigger WHERE tgname LIKE 'ledger!_%' ESCAPE '!' AND NOT tgisinternal AND tgenabled = 'D'"""
