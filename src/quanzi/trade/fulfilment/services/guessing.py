"""Pickup codes are not for guessing: five wrong ones by a person, or for an order, and there is a pause.

The count fades when a quarter of an hour brings no wrong code. Looking up a right one does not begin it again: whoever
knows one code could go on guessing others.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from quanzi.base.audit.services import write as audit
from quanzi.kernel.clock import local
from quanzi.people.accounts.models import Member
from quanzi.trade.fulfilment import errors, queries
from quanzi.trade.fulfilment.models import CodeGuesses
from quanzi.trade.fulfilment.queries import WorkItem
from quanzi.trade.sales.models import PickupPoint

PAUSE = timedelta(minutes=15)
USED_FOR = timedelta(days=14)
"""So long a used code is known again; later it may well be somebody else's."""


def check_pause(*, person: Member, order_id: int | None = None, now: datetime) -> None:
    """Raises TooManyGuesses while the person, or the order, has to wait. Until the end of the transaction nobody else says
    a code for this order or as this person, so that many at once are counted one after the other."""
    with connection.cursor() as cursor:
        for subject in _subjects(person, order_id):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('pickup codes'), hashtext(%s))", [subject])
    waits = CodeGuesses.objects.filter(subject__in=_subjects(person, order_id), paused_until__gt=now)
    until = max((row.paused_until for row in waits if row.paused_until), default=None)
    if until is not None:
        raise errors.TooManyGuesses(field="code", minutes=max(1, -int((now - until).total_seconds() // 60)))


@transaction.atomic
def note_wrong(*, person: Member, order_id: int | None = None, now: datetime) -> None:
    """Count a wrong code. It must outlive the refusal, so call it outside what is rolled back."""
    for subject in _subjects(person, order_id):
        CodeGuesses.objects.get_or_create(subject=subject)
        row = CodeGuesses.objects.select_for_update().get(subject=subject)
        has_faded = row.wrong_at is not None and now - row.wrong_at >= PAUSE
        row.wrong, row.wrong_at = 1 if has_faded else row.wrong + 1, now
        if row.wrong >= CodeGuesses.MOST:
            row.wrong, row.paused_until = 0, now + PAUSE
            audit(actor=person, action="fulfilment.codes_paused", target=subject, after={"minutes": 15}, now=now)
        row.save(update_fields=["wrong", "wrong_at", "paused_until"])


def forget_wrong(*, person: Member, order_id: int) -> None:
    """The right code was said: counting begins again."""
    CodeGuesses.objects.filter(subject__in=_subjects(person, order_id)).update(wrong=0)


def look_up_code(*, person: Member, point: PickupPoint, code: str, now: datetime) -> WorkItem | None:
    """What waits at the point under this code; a miss counts as a wrong guess. Raises TooManyGuesses; CodeUsed for one under
    which goods were given there lately. Misses outlive the refusal, so do not wrap this in a transaction."""
    found = _looked_up(person, point, code, now)
    if found is None and code and (used := queries.given_under(point=point, code=code, since=now - USED_FOR)):
        number, at = used
        raise errors.CodeUsed(field="code", number=number, at=f"{local(at):%m-%d %H:%M}")
    return found


@transaction.atomic
def _looked_up(person: Member, point: PickupPoint, code: str, now: datetime) -> WorkItem | None:
    check_pause(person=person, now=now)
    found = queries.find_by_code(point=point, code=code)
    if found is None and code:
        note_wrong(person=person, now=now)
    return found


def _subjects(person: Member, order_id: int | None) -> list[str]:
    """In one order, since both are locked."""
    return [f"member:{person.pk}", *([f"order:{order_id}"] if order_id is not None else [])]
