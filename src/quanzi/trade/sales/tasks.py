"""Thin background entries of sales."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.jobs.registry import job, periodic
from quanzi.trade.sales import services
from quanzi.trade.sales.services.ending import close_payments as close_open_payments


@periodic("sales.expire_unpaid", "* * * * *")
def expire_unpaid(now: datetime) -> None:
    """Each minute: end orders that nobody paid in time."""
    services.expire_unpaid(now=now)


@periodic("sales.auto_receive", "7 * * * *")
def auto_receive(now: datetime) -> None:
    """Each hour: deliveries of a week ago count as received."""
    services.auto_receive(now=now)


@periodic("sales.close_windows", "*/10 * * * *")
def close_windows(now: datetime) -> None:
    """Each ten minutes: received goods whose windows are over are kept."""
    services.close_windows(now=now)


@job("sales.close_payments")
def close_payments(order_id: int, now: datetime) -> None:
    """A cancelled order cannot be paid any more; what comes all the same goes back."""
    close_open_payments(order_id=order_id, now=now)
