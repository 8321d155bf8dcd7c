"""Pure rules of commission."""

from __future__ import annotations

from datetime import timedelta


def commission_minor(*, paid_minor: int, rate_bp: int) -> int:
    """Commission on what was really paid.

    paid_minor: minor units after refunds, never negative; rate_bp: basis points (1250 is 12.5 %).
    Rounds down, so the house never promises more than it took.
    """
    return paid_minor * rate_bp // 10_000


def to_reverse_minor(*, amount_minor: int, reversed_minor: int, paid_minor: int, refunded_minor: int) -> int:
    """How much more of an accrual to take back, so that what is left stands to the accrual as the rest paid to all paid.

    Rounds what is left down. Never negative: a refund is never undone.
    """
    left = amount_minor * (paid_minor - refunded_minor) // paid_minor if paid_minor else 0
    return max(0, amount_minor - left - reversed_minor)


DEPTHS = (1, 2)
MOST_BP = 3_000
"""All levels of one order line together; the database holds each of them to it."""

LONGEST_NAME = 60

ACCOUNT_HOLD = timedelta(hours=24)
"""How long money does not follow an account that was just entered, so that whoever did not enter it can say so."""

SEAL = "payout account"
"""What the numbers of accounts are sealed for."""

LONGEST_HOLDER = 60
LONGEST_REFERENCE = 64
LONGEST_REASON = 200


def clean_account(method: str, text: str) -> str:
    """The number of an account without the spaces and hyphens that people write in it; "" when it cannot be one."""
    if method == "bank":
        number = "".join(text.split()).replace("-", "").upper()
        return number if 8 <= len(number) <= 34 and number.isascii() and number.isalnum() else ""
    name = text.strip()
    return name if 3 <= len(name) <= 64 and name.isprintable() else ""
