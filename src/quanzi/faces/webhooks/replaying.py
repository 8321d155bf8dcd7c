"""Telling an endpoint once more what was told within some days, also what it missed while it was off."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, connection, transaction

from quanzi.base.audit.services import write as audit
from quanzi.base.jobs.services import enqueue
from quanzi.faces.webhooks import errors, rules
from quanzi.faces.webhooks.kinds import KINDS
from quanzi.faces.webhooks.models import Endpoint, EndpointState, Message, Replay
from quanzi.faces.webhooks.telling import send_soon
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.models import Member

STEP = 500
JOB = "webhooks.replay"

PUT = """
INSERT INTO webhooks_delivery (endpoint_id, message_id, state, due_at, tries)
SELECT %(endpoint)s, id, 'waiting', %(now)s, 0 FROM unnest(%(messages)s::bigint[]) AS id
ON CONFLICT (endpoint_id, message_id) DO UPDATE
SET state = 'waiting', due_at = excluded.due_at, tries = 0, first_at = NULL, done_at = NULL
"""


@transaction.atomic
def ask(
    *, endpoint_id: int, kinds: Iterable[str], since: datetime, until: datetime, actor: Member, now: datetime
) -> Replay:
    """Begin a replay of messages made in [since, until); no kinds: those that the endpoint hears.

    Raises EndpointNotFound, EndpointIsOff, UnknownKinds, BadRange, ReplayUnderWay.
    """
    endpoint = Endpoint.objects.select_for_update().filter(pk=endpoint_id).first()
    if endpoint is None:
        raise errors.EndpointNotFound
    if endpoint.state != EndpointState.ON:
        raise errors.EndpointIsOff
    wanted = set(kinds) or set(endpoint.kinds)
    if not wanted <= set(KINDS):
        raise errors.UnknownKinds(field="kinds")
    if not now - rules.KEPT <= since < until:
        raise errors.BadRange(field="since", days=rules.KEPT.days)
    chosen = [name for name in KINDS if name in wanted]
    total = Message.objects.filter(kind__in=chosen, made_at__gte=since, made_at__lt=until).count()
    try:
        with transaction.atomic():
            made = Replay.objects.create(
                endpoint=endpoint, kinds=chosen, since=since, until=until, total=total, asked_by=actor, asked_at=now
            )
    except IntegrityError:
        raise errors.ReplayUnderWay from None
    audit(
        actor=actor, action="webhook.replay", target=f"webhook_endpoint:{endpoint.pk}",
        after={"kinds": chosen, "since": since.isoformat(), "until": until.isoformat(), "messages": total}, now=now,
    )  # fmt: skip
    enqueue(JOB, replay_id=made.pk)
    return made


def find(*, replay_id: int) -> Replay:
    found = Replay.objects.filter(pk=replay_id).first()
    if found is None:
        raise NotFound
    return found


@transaction.atomic
def go_on(*, replay_id: int, now: datetime) -> None:
    """Put the next messages on their way and come back for the rest. Run twice, it goes on from where it stands."""
    replay = Replay.objects.select_for_update().filter(pk=replay_id, finished_at=None).first()
    if replay is None:
        return
    found = Message.objects.filter(
        kind__in=replay.kinds, made_at__gte=replay.since, made_at__lt=replay.until, pk__gt=replay.reached
    )
    messages = list(found.order_by("pk").values_list("pk", flat=True)[:STEP])
    if messages:
        with connection.cursor() as cursor:
            cursor.execute(PUT, {"endpoint": replay.endpoint_id, "messages": messages, "now": now})
        replay.reached, replay.done = messages[-1], replay.done + len(messages)
        replay.total = max(replay.total, replay.done)
        send_soon()
    if len(messages) < STEP:
        replay.total, replay.finished_at = replay.done, now
    else:
        enqueue(JOB, replay_id=replay.pk)
    replay.save(update_fields=["reached", "done", "total", "finished_at"])
