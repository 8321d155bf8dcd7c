"""Background work of the room."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanzi.base.jobs.registry import job, periodic
from quanzi.faces.webhooks import replaying, rules, sending
from quanzi.faces.webhooks.models import Attempt, Delivery, Message, Replay
from quanzi.faces.webhooks.telling import SEND, send_soon


@job(SEND)
def send() -> None:
    sending.send_due()


@job("webhooks.wake")
def wake() -> None:
    send_soon()


@periodic("webhooks.look", "* * * * *")
def look(*, now: datetime) -> None:
    """Each minute: what a killed sender had in its hands."""
    sending.come_back(now=now)


@job(replaying.JOB)
def replay(*, replay_id: int, now: datetime) -> None:
    replaying.go_on(replay_id=replay_id, now=now)


@periodic("webhooks.forget", "37 19 * * *")
@transaction.atomic
def forget(*, now: datetime) -> None:
    """Every night: messages of thirty days ago with all that was said about them, and replays that ended then."""
    old = now - rules.KEPT
    Attempt.objects.filter(delivery__message__made_at__lt=old).delete()
    Delivery.objects.filter(message__made_at__lt=old).delete()
    Message.objects.filter(made_at__lt=old).delete()
    Replay.objects.filter(finished_at__lt=old).delete()
