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
    "held for buyers at the end": """
        SELECT -sum(balance_minor) FROM ledger_balance JOIN ledger_account ON id = account_id WHERE code = 'escrow.buyers'""",
    "rounds": "SELECT count(*) FROM stations_round WHERE state = 'closed'",
    "orders in rounds": "SELECT count(*) FROM stations_entry",
    "places that ended": "SELECT count(*) FROM stations_entry WHERE ended_at IS NOT NULL",
    "pickups missed": "SELECT count(*) FROM stations_entry WHERE missed_at IS NOT NULL",
    "purchases received": "SELECT count(*) FROM supply_purchase WHERE state = 'received'",
    "lots counted at stations": "SELECT count(*) FROM stations_arrival",
    "paid to leaders": "SELECT coalesce(sum(amount_minor), 0) FROM stations_settlement",
    "teams that succeeded": "SELECT count(*) FROM deals_team WHERE state = 'succeeded'",
    "of them below the first step of a ladder": "SELECT count(*) FROM deals_team WHERE state = 'succeeded' AND final_minor IS NOT NULL",
    "teams that failed": "SELECT count(*) FROM deals_team WHERE state = 'failed'",
    "batches made": "SELECT count(*) FROM preorders_preorder WHERE state IN ('made', 'done')",
    "batches missed": "SELECT count(*) FROM preorders_preorder WHERE state = 'missed'",
    "deposits": "SELECT count(*) FROM preorders_place WHERE held_at IS NOT NULL",
    "balances paid": "SELECT count(*) FROM preorders_place WHERE state = 'settled'",
    "launches": "SELECT count(*) FROM launches_launch WHERE state = 'over'",
    "people in queues": "SELECT count(*) FROM launches_place",
    "orders with a turn": "SELECT count(*) FROM sales_order WHERE waits_for LIKE 'launch:%' AND paid_at IS NOT NULL",
    "pieces with an owner": "SELECT count(*) FROM launches_piece WHERE state = 'owned'",
    "lists of circles": "SELECT count(*) FROM chains_chain",
    "names in them": "SELECT count(*) FROM chains_signup WHERE ended_at IS NULL",
    "prices asked for together": "SELECT count(*) FROM bargains_bargain WHERE state = 'agreed'",
    "parcels sent": "SELECT count(*) FROM fulfilment_parcel WHERE shipped_at IS NOT NULL",
    "parcels that came back": "SELECT count(*) FROM fulfilment_parcel WHERE state = 'came_back'",
    "doors of delivery runs": "SELECT count(*) FROM fulfilment_stop WHERE state = 'handed_over'",
    "complaints": "SELECT count(*) FROM aftersales_claim",
    "goods sent back": "SELECT count(*) FROM aftersales_return WHERE arrived_at IS NOT NULL",
    "exchanges": "SELECT count(*) FROM aftersales_claim WHERE state = 'exchanged'",
    "disputes decided": "SELECT count(*) FROM aftersales_dispute WHERE decided_at IS NOT NULL",
    "appeals decided": "SELECT count(*) FROM aftersales_dispute WHERE appeal_decided_at IS NOT NULL",
    "agreed to by a second person": "SELECT count(*) FROM approvals_approval WHERE state = 'approved'",
    "lots paused": "SELECT count(*) FROM aftersales_lotpause",
    "lines recalled": "SELECT count(*) FROM aftersales_recalledline",
    "invoices": "SELECT count(*) FROM aftersales_invoice WHERE issued_at IS NOT NULL",
    "red letters": "SELECT count(*) FROM aftersales_invoice WHERE state = 'reversed'",
    "events": "SELECT count(*) FROM events_event",
    "entries in the books": "SELECT count(*) FROM ledger_entry",
}
MONEY = ("money captured", "money sent back", "held for buyers at the end", "paid to leaders")


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
