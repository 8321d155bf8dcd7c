"""Commission: what is owed, what was paid, and to which account."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from quanzi.faces.api.schemas.common import Flag, In, Moment, MoneyOut, Out, Ref, Text


class StandingOut(Out):
    """due: the next payout would settle it; below zero: paid back by later earnings."""

    waiting: MoneyOut
    due: MoneyOut
    open: MoneyOut
    paid: MoneyOut


class EarningOut(Out):
    """One order line of a guest; who bought is not told."""

    accrual_id: int
    line_id: int
    title: str
    amount: MoneyOut
    rate_bp: int
    state: str
    at: datetime
    payout_id: int | None


class PayoutAccountOut(Out):
    """tail: the last four characters; the whole number is never answered. usable_at: when money may follow it."""

    method: str
    holder: str
    tail: str
    usable_at: datetime


class PayoutAccountIn(In):
    method: Literal["bank", "alipay", "wechat"]
    holder: Text = Field(min_length=1, max_length=60)
    number: Text = Field(min_length=3, max_length=64)


class CommissionRuleOut(Out):
    """rate_bp: hundredths of a percent of what was paid; depth: 1 for who invited the buyer, 2 for who invited that person.

    earned: what its lines came to and was not taken back; waiting: the part whose goods are not kept yet.
    """

    id: int
    name: str
    depth: int
    rate_bp: int
    starts_at: datetime
    ends_at: datetime | None
    signed_by: str
    state: Literal["later", "running", "ended"]
    lines: int
    earned: MoneyOut
    waiting: MoneyOut


class CommissionRuleIn(In):
    """starts_at: now when it is left out or past. signs: a rule of depth 2 is written only with your signature."""

    name: Text = Field(min_length=1, max_length=60)
    rate_bp: int = Field(strict=True, ge=1, le=3000)
    depth: int = Field(default=1, strict=True, ge=1, le=2)
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    signs: Flag = False


class PayoutOut(Out):
    id: int
    member_id: int
    amount: MoneyOut
    state: str
    needs_second: bool
    approval_id: int | None
    account_tail: str
    made_at: datetime
    sent_at: datetime | None
    reference: str
    reason: str


class PayoutPageOut(PayoutOut):
    lines: list[EarningOut]


class DueOut(Out):
    """usable_at: when money may follow their account, null without one."""

    member_id: int
    name: str
    due: MoneyOut
    lines: int
    usable_at: datetime | None
    open_payout_id: int | None


class PayoutIn(In):
    member_id: Ref


class SentIn(In):
    reference: Text = Field(min_length=1, max_length=64, description="The bank's, for this transfer")


class FailedIn(In):
    reason: Text = Field(min_length=1, max_length=200)
