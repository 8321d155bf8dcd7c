"""Background entries."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.jobs.registry import periodic
from quanzi.trade.stations import services


@periodic("stations.close_due", "* * * * *")
def close_due(*, now: datetime) -> int:
    """Every minute: rounds are cut off, their orders released or refunded."""
    return services.close_due(now)


@periodic("stations.note_missed", "*/10 * * * *")
def note_missed(*, now: datetime) -> int:
    """Every ten minutes: buyers who did not come are told that their goods wait."""
    return services.note_missed(now)


@periodic("stations.end_missed", "5-59/10 * * * *")
def end_missed(*, now: datetime) -> int:
    """Every ten minutes: second windows that ended."""
    return services.end_missed(now)


@periodic("stations.carry_on_earnings", "*/10 * * * *")
def carry_on_earnings(*, now: datetime) -> int:
    """Every ten minutes: leaders' parts of goods that were kept, or came back."""
    return services.carry_on(now)
