"""Paying."""

from __future__ import annotations

from datetime import datetime

from quanzi.faces.api.schemas.common import In, MoneyOut, Out, Word


class PayIn(In):
    provider: Word


class PaymentOut(Out):
    """pay_url: where the payer goes while it waits, empty for cash or when it is over. order: empty for a deposit."""

    number: str
    order: str
    provider: str
    state: str
    amount: MoneyOut
    refunded_minor: int
    pay_url: str
    created_at: datetime
    expires_at: datetime
    captured_at: datetime | None
