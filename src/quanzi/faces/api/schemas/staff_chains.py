"""Sign-up chains for the staff."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from quanzi.faces.api.schemas.common import In, MoneyOut, Out, Text


class StaffChainOut(Out):
    """people, paid: who is in the list now; asked: what their orders come to; money: paid of it. back: paid back, null without refunds.view."""

    id: int
    code: str
    title: str
    circle_name: str
    opener_name: str
    state: str
    opened_at: datetime
    closes_at: datetime
    pay_until: datetime
    ended_at: datetime | None
    end_reason: str
    people: int
    paid: int
    asked: MoneyOut
    money: MoneyOut
    back: MoneyOut | None


class StaffSignedLineOut(Out):
    title: str
    quantity: int


class StaffSignedOut(Out):
    """number: in the list, null once out of it. state: of the order. back: null without refunds.view."""

    number: int | None
    member_id: int
    name: str
    words: str
    lines: list[StaffSignedLineOut]
    order_number: str
    state: str
    amount: MoneyOut
    back: MoneyOut | None
    signed_at: datetime
    ended_at: datetime | None


class StaffChainPageOut(Out):
    chain: StaffChainOut
    signed: list[StaffSignedOut]


class ChainReasonIn(In):
    """reason: everybody who signed up reads it."""

    reason: Text = Field(min_length=1, max_length=80)
