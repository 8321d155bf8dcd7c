"""Disputes."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from quanzi.faces.api.schemas.claims import ClaimOut
from quanzi.faces.api.schemas.common import In, MoneyOut, Out, PictureOut, Ref, Text


class StatementIn(In):
    words: Text = Field(min_length=1, max_length=500)
    picture_ids: list[Ref] = Field(default_factory=list, max_length=50)


class DisputeDecisionIn(In):
    """amount_minor: what goes back; 0 for nothing. words: read by both sides."""

    amount_minor: int = Field(ge=0, le=10**12, strict=True)
    words: Text = Field(min_length=1, max_length=500)


class StatementOut(Out):
    side: str
    side_label: str
    author_name: str
    words: str
    said_at: datetime
    pictures: list[PictureOut]


class DecisionOut(Out):
    by: str
    at: datetime
    words: str
    paid_back: MoneyOut


class DisputeRowOut(Out):
    """decide_by: the clock of whoever decides now. appeal: what was decided when somebody else looked again."""

    id: int
    claim_id: int
    order_number: str
    buyer_id: int
    buyer_name: str
    title: str
    left: MoneyOut
    state: str
    state_label: str
    opened_at: datetime
    evidence_until: datetime
    decide_by: datetime
    appeal_until: datetime | None
    decision: DecisionOut | None
    appeal: DecisionOut | None
    closed_at: datetime | None


class DisputePageOut(Out):
    row: DisputeRowOut
    claim: ClaimOut
    statements: list[StatementOut]


class DisputeAskedOut(Out):
    """A second person is asked."""

    approval_id: int
