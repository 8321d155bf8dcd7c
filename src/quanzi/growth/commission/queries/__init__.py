"""Reading what is owed, and what was paid."""

from quanzi.growth.commission.queries.due import Due, Person, due_to, people_due
from quanzi.growth.commission.queries.rules import RuleRow, rule_rows, standing_rules
from quanzi.growth.commission.queries.statements import (
    Standing,
    StatementLine,
    account_of,
    earnings_of,
    number_of,
    payout_of,
    payouts,
    payouts_to,
    standing_of,
    statement,
)

__all__ = [
    "Due",
    "Person",
    "RuleRow",
    "Standing",
    "StatementLine",
    "account_of",
    "due_to",
    "earnings_of",
    "number_of",
    "payout_of",
    "payouts",
    "payouts_to",
    "people_due",
    "rule_rows",
    "standing_of",
    "standing_rules",
    "statement",
]
