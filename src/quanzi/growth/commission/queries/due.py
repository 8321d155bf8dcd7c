"""What is payable and stands in no live payout yet; below zero for goods that went back after their commission was paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from quanzi.growth.commission.rules import ACCOUNT_HOLD

DUE = """
SELECT a.id, a.beneficiary_id, a.reversed_minor, a.amount_minor - a.reversed_minor - coalesce(
           (SELECT sum(l.amount_minor) FROM commission_payoutline l WHERE l.accrual_id = a.id AND l.is_live), 0)::bigint AS minor
FROM commission_accrual a WHERE a.payable_at IS NOT NULL
"""

TO_ONE = f"SELECT id, reversed_minor, minor FROM ({DUE} AND a.beneficiary_id = %s) due WHERE minor <> 0 ORDER BY id"

HOLD = "SELECT id FROM commission_accrual WHERE beneficiary_id = %s AND payable_at IS NOT NULL ORDER BY id FOR UPDATE"

PEOPLE = f"""
SELECT due.beneficiary_id, m.name, sum(due.minor)::bigint, count(*), k.added_at, o.id
FROM ({DUE}) due JOIN accounts_member m ON m.id = due.beneficiary_id
LEFT JOIN commission_payoutaccount k ON k.member_id = m.id AND k.retired_at IS NULL
LEFT JOIN commission_payout o ON o.beneficiary_id = m.id AND o.state IN ('asked', 'approved')
WHERE due.minor <> 0 GROUP BY due.beneficiary_id, m.name, k.added_at, o.id
ORDER BY sum(due.minor) DESC, due.beneficiary_id LIMIT %s
"""


@dataclass(frozen=True)
class Due:
    """minor: what the accrual adds to the next payout; reversed_minor: what was taken back of it so far."""

    accrual_id: int
    reversed_minor: int
    minor: int


@dataclass(frozen=True)
class Person:
    """Somebody to whom something is due. usable_at: when money may follow their account, None without one."""

    member_id: int
    name: str
    minor: int
    lines: int
    usable_at: datetime | None
    open_payout_id: int | None


def due_to(member_id: int, *, lock: bool = False) -> list[Due]:
    """What the next payout to this person would settle. lock: hold the accruals until the end of the transaction."""
    with connection.cursor() as cursor:
        if lock:
            cursor.execute(HOLD, [member_id])
        cursor.execute(TO_ONE, [member_id])
        return [Due(*row) for row in cursor.fetchall()]


def people_due(*, limit: int = 200) -> list[Person]:
    """Everybody with something due, the most first; below zero is what later earnings pay back."""
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, [limit])
        rows = cursor.fetchall()
    return [
        Person(member, name, minor, lines, added and added + ACCOUNT_HOLD, payout)
        for member, name, minor, lines, added, payout in rows
    ]
