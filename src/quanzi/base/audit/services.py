"""Writing the audit log."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db import connection
from psycopg.types.json import Jsonb

from quanzi.base.audit.models import AuditEntry
from quanzi.base.audit.origin import count_one, here
from quanzi.base.rows import InsertMany

SYSTEM = "system"
"""The actor of what a job or a rule does without a person."""


COLUMNS = ("at", "actor_id", "actor_label", "action", "target", "before", "after", "ip", "request_id", "session")

# By hand: most changes that staff make, and every refund, come through here.
WRITE = f"INSERT INTO audit_auditentry ({', '.join(COLUMNS)}) VALUES ({', '.join(['%s'] * len(COLUMNS))}) RETURNING id"

_insert = InsertMany(AuditEntry)


class Person(Protocol):
    """Whoever acts: a member of staff, a member."""

    @property
    def pk(self) -> Any: ...


def write(
    *,
    actor: Person | str | None,
    action: str,
    target: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    now: datetime,
    ip: str = "",
) -> AuditEntry:
    """Record a deliberate change in the transaction that makes it.

    actor: a person, or a word for what acts without one (None: the system). target: "order:12".
    before, after: the values that changed, plain and without personal data, since rows are never erased. From where it
    comes is taken from the running request (origin.py); ip: said by the caller instead.
    """
    entry = as_entry(actor=actor, action=action, target=target, before=before, after=after, now=now, ip=ip)
    values = {name: getattr(entry, name) for name in COLUMNS} | {
        name: value if value is None else Jsonb(value)
        for name, value in (("before", entry.before), ("after", entry.after))
    }
    with connection.cursor() as cursor:
        cursor.execute(WRITE, list(values.values()))
        entry.pk = cursor.fetchone()[0]
    count_one()
    entry._state.adding, entry._state.db = False, connection.alias
    return entry


def write_all(entries: Sequence[AuditEntry]) -> None:
    """`write` for several, made by `as_entry`, in one statement."""
    _insert(entries)
    for _ in entries:
        count_one()


def as_entry(
    *,
    actor: Person | str | None,
    action: str,
    target: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    now: datetime,
    ip: str = "",
) -> AuditEntry:
    """What `write` stores, not stored yet."""
    where = here()
    return AuditEntry(
        at=now,
        actor_id=_number_of(actor),
        actor_label=_label_of(actor),
        action=action,
        target=target,
        before=None if before is None else dict(before),
        after=None if after is None else dict(after),
        ip=ip or where.ip,
        request_id=where.request_id,
        session=where.session,
    )


REFUSED = "look.refused"
REFUSED_PERIOD, REFUSED_MOST = timedelta(hours=1), 30

RECENTLY_REFUSED = """
SELECT count(*), coalesce(bool_or(target = %s), false)
FROM (SELECT target, at FROM audit_auditentry WHERE actor_id = %s AND action = %s ORDER BY id DESC LIMIT %s) AS newest
WHERE at > %s
"""


def note_refused(*, actor: Person, target: str, method: str, now: datetime) -> bool:
    """Somebody asked for what is not theirs. One row for each target, and REFUSED_MOST for each person, in an hour: whoever
    asks again and again fills no log. Says whether a row was written.
    """
    target = target[:100]
    with connection.cursor() as cursor:
        cursor.execute(RECENTLY_REFUSED, [target, actor.pk, REFUSED, REFUSED_MOST, now - REFUSED_PERIOD])
        count, is_known = cursor.fetchone()
    if is_known or count >= REFUSED_MOST:
        return False
    write(actor=actor, action=REFUSED, target=target, after={"method": method[:10]}, now=now)
    return True


def _label_of(actor: Person | str | None) -> str:
    """Never a name: rows outlive erased members."""
    return (actor or SYSTEM)[:150] if actor is None or isinstance(actor, str) else f"member:{actor.pk}"


STAFF = "staff:"
"""Begins the word by which services name a person of the staff: "staff:7"."""


def _number_of(actor: Person | str | None) -> int | None:
    """The person behind an actor, also when a service only has their word."""
    if isinstance(actor, str):
        number = actor.removeprefix(STAFF)
        return int(number) if number != actor and number.isdecimal() else None
    return None if actor is None else int(actor.pk)
