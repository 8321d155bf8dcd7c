"""Background entries."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.jobs.registry import periodic
from quanzi.trade.aftersales import services


@periodic("aftersales.carry_on_recalls", "* * * * *")
def carry_on_recalls(*, now: datetime) -> int:
    """Every minute: lines of recalled lots that still wait are paid back."""
    return services.carry_on_recalls(now)


@periodic("aftersales.lapse_returns", "20 * * * *")
def lapse_returns(*, now: datetime) -> int:
    """Every hour: returns that nobody sent in time end."""
    return services.lapse_returns(now)


@periodic("aftersales.close_disputes", "40 * * * *")
def close_disputes(*, now: datetime) -> int:
    """Every hour: disputes that were decided and not appealed are closed."""
    return services.close_disputes(now)
