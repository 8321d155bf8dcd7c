"""What a month came to, read from the tables."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

QUESTIONS = {
    "members": "SELECT count(*) FROM accounts_member",
    "orders": "SELECT count(*) FROM sales_order",
    "orders paid": "SELECT count(*) FROM sales_order WHERE paid_at IS NOT NULL",
    "orders that ended unpaid": "SELECT count(*) FROM sales_order WHERE state = 'cancelled'",
    "lines handed over": "SELECT count(*) FROM sales_orderline WHERE handed_over_at IS NOT NULL",
    "lines kept": "SELECT count(*) FROM sales_orderline WHERE kept_at IS NOT NULL",
    "money captured": "SELECT coalesce(sum(amount_minor), 0) FROM payments_payment WHERE state = 'captured'",
    "money sent back": "SELECT coalesce(sum(amount_minor), 0) FROM payments_refund WHERE state = 'done'",
    "refunds not done yet": "SELECT count(*) FROM payments_refund WHERE state <> 'done'",
    "rounds": "SELECT count(*) FROM stations_round WHERE state = 'closed'",
    "orders in rounds": "SELECT count(*) FROM stations_entry",
    "places that ended": "SELECT count(*) FROM stations_entry WHERE ended_at IS NOT NULL",
    "pickups missed": "SELECT count(*) FROM stations_entry WHERE missed_at IS NOT NULL",
    "lots counted at stations": "SELECT count(*) FROM stations_arrival",
    "teams that succeeded": "SELECT count(*) FROM deals_team WHERE state = 'succeeded'",
    "teams that failed": "SELECT count(*) FROM deals_team WHERE state = 'failed'",
    "complaints": "SELECT count(*) FROM aftersales_claim",
    "lines recalled": "SELECT count(*) FROM aftersales_recalledline",
    "events": "SELECT count(*) FROM events_event",
    "entries in the books": "SELECT count(*) FROM ledger_entry",
}
MONEY = ("money captured", "money sent back")


@dataclass(frozen=True)
class Figure:
    name: str
    value: int

    def __str__(self) -> str:
        return f"{self.value / 100:,.2f} CNY" if self.name in MONEY else f"{self.value:,}"


def read() -> list[Figure]:
    with connection.cursor() as cursor:
        found = []
        for name, sql in QUESTIONS.items():
            cursor.execute(sql)
            found.append(Figure(name, int(cursor.fetchone()[0])))
    return found


def cash_minor(account: str) -> int:
    """What the books say lies in an account."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT balance_minor FROM ledger_account JOIN ledger_balance ON account_id = id WHERE code = %s", [account]
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0
