"""A buyer who says "I keep it" early leaves the windows open; this looks again when they have closed."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.jobs.registry import periodic
from quanzi.growth.commission.models import Accrual, AccrualState
from quanzi.growth.commission.services import make_payable


@periodic("commission.make_due_payable", cron="17 * * * *")
def make_due_payable(*, now: datetime) -> None:
    """Hourly: waiting accruals of kept lines."""
    waiting = Accrual.objects.filter(state=AccrualState.WAITING, line__kept_at__isnull=False)
    for line_id in waiting.values_list("line_id", flat=True).iterator():
        make_payable(line_id=line_id, now=now)
