"""Reading the audit log."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quanzi.base.audit.models import AuditEntry


@dataclass(frozen=True)
class AuditRow:
    id: int
    at: datetime
    actor_id: int | None
    actor_label: str
    action: str
    target: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    ip: str
    session: str
    request_id: str


def history(
    *,
    target: str = "",
    targets: Collection[str] = (),
    action: str = "",
    actor_id: int | None = None,
    actor_ids: Collection[int] | None = None,
    actor_label: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    before_id: int | None = None,
    limit: int = 50,
) -> list[AuditRow]:
    """Rows, newest first, below `before_id`, within [since, until); filters that are empty do not filter (an empty
    actor_ids finds nothing)."""
    found = AuditEntry.objects.order_by("-id")
    if target:
        found = found.filter(target=target)
    if targets:
        found = found.filter(target__in=targets)
    if action:
        found = found.filter(action=action)
    if actor_id is not None:
        found = found.filter(actor_id=actor_id)
    if actor_ids is not None:
        found = found.filter(actor_id__in=actor_ids)
    if actor_label:
        found = found.filter(actor_label=actor_label)
    if since is not None:
        found = found.filter(at__gte=since)
    if until is not None:
        found = found.filter(at__lt=until)
    if before_id is not None:
        found = found.filter(id__lt=before_id)
    names = (
        "id",
        "at",
        "actor_id",
        "actor_label",
        "action",
        "target",
        "before",
        "after",
        "ip",
        "session",
        "request_id",
    )
    return [AuditRow(*values) for values in found.values_list(*names)[:limit]]
