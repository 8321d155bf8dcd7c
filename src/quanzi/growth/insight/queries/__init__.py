"""Reads of the room: the relation ledger, stages of relation, money, a member's life in the shop."""

from quanzi.growth.insight.queries.ledger import (
    COLUMNS,
    Fact,
    LedgerRow,
    RelationLedger,
    facts,
    lines_of,
    relation_ledger,
)
from quanzi.growth.insight.queries.money import MoneyState, money
from quanzi.growth.insight.queries.stages import STAGES, Stage, members_at, stages, stages_of
from quanzi.growth.insight.queries.timeline import TimelineFact, member_timeline

__all__ = [
    "COLUMNS",
    "STAGES",
    "Fact",
    "LedgerRow",
    "MoneyState",
    "RelationLedger",
    "Stage",
    "TimelineFact",
    "facts",
    "lines_of",
    "member_timeline",
    "members_at",
    "money",
    "relation_ledger",
    "stages",
    "stages_of",
]
