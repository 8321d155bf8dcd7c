"""Writing the audit log."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from quanzi.base.audit.models import AuditEntry

SYSTEM = "system"
"""The actor of what a job or a rule does without a person."""


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
    request_id: str = "",
) -> AuditEntry:
    """Record a deliberate change in the transaction that makes it.

    actor: a person, or a word for what acts without one (None: the system). target: "order:12".
    before, after: the values that changed, plain and without personal data, since rows are never erased.
    """
    return AuditEntry.objects.create(
        at=now,
        actor_id=None if actor is None or isinstance(actor, str) else actor.pk,
        actor_label=str(actor or SYSTEM)[:150],
        action=action,
        target=target,
        before=None if before is None else dict(before),
        after=None if after is None else dict(after),
        ip=ip,
        request_id=request_id,
    )
