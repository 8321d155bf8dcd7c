"""Background work of the room."""

from datetime import datetime

from quanzi.base.jobs.registry import periodic
from quanzi.people.accounts.services import forget_attempts


@periodic("accounts.forget_attempts", cron="40 19 * * *")
def forget_old_attempts(*, now: datetime) -> None:
    """Every night: sign-ups that were never finished."""
    forget_attempts(now=now)
