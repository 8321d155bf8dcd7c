"""Cash and bank transfer: nothing to call, a person of the staff confirms what arrived and pays back by hand."""

from collections.abc import Mapping
from datetime import date, datetime

from quanzi.trade.payments.errors import NotificationRefused
from quanzi.trade.payments.providers.protocol import (
    BillLine,
    Closed,
    Created,
    Incoming,
    Order,
    Outcome,
    Queried,
    Refunded,
    RefundOrder,
)


class Offline:
    name = "offline"
    is_online = False

    def create(self, order: Order) -> Created:
        return Created(Outcome.DONE)

    def query(self, number: str) -> Queried:
        return Queried(Outcome.UNKNOWN, error="only a person knows")

    def close(self, number: str) -> Closed:
        return Closed(Outcome.DONE)

    def refund(self, order: RefundOrder) -> Refunded:
        return Refunded(Outcome.DONE, provider_ref=order.number)

    def query_refund(self, number: str) -> Refunded:
        return Refunded(Outcome.DONE, provider_ref=number)

    def parse_notify(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Incoming:
        raise NotificationRefused("this provider sends no notifications", 404)

    def bill(self, day: date) -> list[BillLine]:
        return []
