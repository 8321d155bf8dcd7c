"""The provider's desk, seen from the process of a play."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Self

from django.conf import settings

from paysim import forge
from paysim.app import Application
from paysim.keys import DEFAULT_MERCHANT
from quanzi.trade.payments.models import Payment


class Desk:
    """The provider's desk, seen from this process."""

    def __init__(self) -> None:
        self.application = Application(Path(settings.PAYSIM_HOME), settings.PAYSIM_URL)
        self.desk = self.application.desk

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *trouble: object) -> None:
        self.application.stop()

    def receive(self, payment: Payment) -> None:
        """The payer pays there."""
        self.desk.pay(self.desk.trade(DEFAULT_MERCHANT, payment.number)["token"])

    def notice(self, number: str) -> tuple[dict[str, str], bytes]:
        """The notification of a payment, signed for real."""
        merchant = self.application.keys.merchant(DEFAULT_MERCHANT)
        assert merchant is not None
        rows = self.application.store.rows("SELECT event, content FROM outbox ORDER BY id")
        told = [(json.loads(row["event"]), json.loads(row["content"])) for row in rows]
        event, content = next(one for one in told if one[1]["out_trade_no"] == number)
        body = forge.envelope(event, content, merchant.api_key, "transaction")
        return forge.headers(self.application.notifier.signer(), body), body

    def refunds(self, number: str) -> int:
        """How many refunds the provider made of a payment."""
        sql = "SELECT count(*) FROM refund JOIN capture USING (transaction_id) WHERE capture.out_trade_no = ?"
        return int(self.application.store.rows(sql, [number])[0][0])
