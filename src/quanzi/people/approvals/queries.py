"""Reading requests and limits."""

from __future__ import annotations

from quanzi.people.approvals import rules
from quanzi.people.approvals.models import Approval, ApprovalState, Limit


def limit_minor(name: str) -> int:
    """The limit of that name, in fen. Raises KeyError for one that does not exist."""
    usual = rules.USUAL_MINOR[name]
    row = Limit.objects.filter(name=name).values_list("amount_minor", flat=True).first()
    return usual if row is None else row


def limits() -> dict[str, int]:
    """All limits, in fen."""
    return rules.USUAL_MINOR | dict(Limit.objects.values_list("name", "amount_minor"))


def waiting(*, limit: int = 100) -> list[Approval]:
    """Requests that nobody decided yet, the oldest first."""
    found = Approval.objects.filter(state=ApprovalState.WAITING).select_related("asked_by", "decided_by")
    return list(found.order_by("asked_at", "pk")[:limit])


def decided(*, before_id: int | None = None, limit: int = 50) -> list[Approval]:
    """Requests that are over, newest first."""
    found = Approval.objects.exclude(state=ApprovalState.WAITING).select_related("asked_by", "decided_by")
    if before_id is not None:
        found = found.filter(pk__lt=before_id)
    return list(found.order_by("-pk")[:limit])


def waiting_of(target: str) -> list[Approval]:
    """Requests that wait for one target ("order:12"), the oldest first."""
    found = Approval.objects.filter(state=ApprovalState.WAITING, target=target).select_related("asked_by")
    return list(found.order_by("pk"))
