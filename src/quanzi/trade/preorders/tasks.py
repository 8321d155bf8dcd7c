"""Background entries."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.jobs.registry import job, periodic
from quanzi.trade.payments import services as payments
from quanzi.trade.preorders import services
from quanzi.trade.preorders.services.joining import open_payments


@periodic("preorders.decide_due", "* * * * *")
def decide_due(*, now: datetime) -> int:
    """Every minute: windows that closed are decided; places nobody paid for end."""
    return services.expire_asked(now) + services.decide_due(now)


@periodic("preorders.carry_on", "* * * * *")
def carry_on(*, now: datetime) -> int:
    """Every minute: silence about a date and unpaid balances are closed; paid orders whose goods are here may leave."""
    return services.close_answers(now) + services.lapse_due(now) + services.release_due(now)


@job("preorders.close_payments")
def close_payments(*, place_id: int, now: datetime) -> None:
    """A place that ended before its deposit came: what still waits to be paid is closed at the provider."""
    for payment_id in open_payments(place_id):
        payments.close(payment_id=payment_id, now=now)
