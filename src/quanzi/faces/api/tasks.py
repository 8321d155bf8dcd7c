"""Background work of the room."""

from datetime import datetime

from quanzi.base.jobs.registry import periodic
from quanzi.faces.api import answers
from quanzi.faces.api.oauth.services import forget_spent


@periodic("api.forget_old", cron="25 19 * * *")
def forget_old(*, now: datetime) -> None:
    """Every night: kept answers of yesterday, tokens of apps that are over."""
    answers.forget(now=now)
    forget_spent(now=now)
