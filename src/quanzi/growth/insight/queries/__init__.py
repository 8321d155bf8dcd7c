"""Reads of the room: the relation ledger, stages of relation, money, a member's life in the shop."""

from quanzi.growth.insight.queries.ledger import COLUMNS, Fact, LedgerRow, RelationLedger, facts, relation_ledger
from quanzi.growth.insight.queries.money import MoneyState, money
from quanzi.growth.insight.queries.stages import Stage, stages
from quanzi.growth.insight.queries.timeline import TimelineFact, member_timeline

__all__ = [
    "COLUMNS",
    "Fact",
    "LedgerRow",
    "MoneyState",
    "RelationLedger",
    "Stage",
    "TimelineFact",
    "facts",
    "member_timeline",
    "money",
    "relation_ledger",
    "stages",
]
