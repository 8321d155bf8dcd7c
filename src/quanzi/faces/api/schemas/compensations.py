"""Compensation beyond what was paid."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from quanzi.faces.api.schemas.common import AmountMinor, In, MoneyOut, Out, Text


class CompensateIn(In):
    """words: what it is for, as the buyer reads it. By law threefold is at least 500 CNY, tenfold at least 1,000."""

    reason: Literal["goodwill", "costs", "threefold", "tenfold"]
    amount_minor: AmountMinor
    words: Text = Field(min_length=1, max_length=200)


class CompensationPaidIn(In):
    paid_how: Literal["bank", "alipay", "wechat", "cash"]
    reference: Text = Field(min_length=1, max_length=64)


class CompensationBackIn(In):
    """why: the buyer reads it."""

    why: Text = Field(min_length=1, max_length=200)


class SendToIn(In):
    """Alipay, WeChat or bank account, and the name; kept until it is paid. Empty: forget it."""

    send_to: Text = Field(default="", max_length=120)


class MyCompensationOut(Out):
    """state: promised, paid or withdrawn. ended_at: when it was paid or taken back."""

    id: int
    line_id: int
    order_number: str
    title: str
    reason: str
    reason_label: str
    words: str
    amount: MoneyOut
    state: str
    state_label: str
    granted_at: datetime
    send_to: str
    paid_how: str
    reference: str
    ended_at: datetime | None
    why_not: str


class CompensationOut(MyCompensationOut):
    buyer_id: int
    buyer_name: str
    granted_by: str
