"""Background work of the room."""

from datetime import datetime

from quanzi.base.jobs.registry import job, periodic
from quanzi.people.accounts import letters
from quanzi.people.accounts.services import forget_attempts, forget_invitations


@periodic("accounts.forget_attempts", cron="40 19 * * *")
def forget_old_attempts(*, now: datetime) -> None:
    """Every night: sign-ups that were never finished, invitations of a month ago."""
    forget_attempts(now=now)
    forget_invitations(now=now)


@job("accounts.send_invitation", retries=5)
def send_invitation(*, invitation_id: int, site: str, now: datetime) -> None:
    """The letter to somebody who was invited to the staff; twice is harmless."""
    letters.send_invitation(invitation_id=invitation_id, site=site, now=now)
