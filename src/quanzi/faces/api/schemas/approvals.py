"""Requests for a second person."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from quanzi.faces.api.schemas.common import In, MoneyOut, Out, Text


class ApprovalOut(Out):
    """may_decide: whether the caller may; never for who asked. outcome: what came of it, like order_refund:7."""

    id: int
    deed: str
    target: str
    amount: MoneyOut
    reason: str
    asked_by_id: int
    asked_at: datetime
    expires_at: datetime
    state: str
    answer: str
    outcome: str
    may_decide: bool


class ApprovalAnswerIn(In):
    answer: Text = Field(min_length=1, max_length=200)
