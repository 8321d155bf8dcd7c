"""Asking for a second person, deciding, and the limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from quanzi.base.audit.services import write as audit
from quanzi.kernel.errors import NotAllowed
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can
from quanzi.people.approvals import errors, rules
from quanzi.people.approvals.models import LARGEST_MINOR, Approval, ApprovalState, Limit
from quanzi.people.approvals.policies import may_decide, may_still_ask
from quanzi.people.approvals.ports import deed_of
from quanzi.people.approvals.queries import limit_minor


def check_limit(*, name: str, before_minor: int, amount_minor: int, currency: str = "CNY") -> None:
    """Raises SecondPersonNeeded when an amount, with what was given before, is above the limit of that name."""
    limit = limit_minor(name)
    if rules.needs_second(before_minor=before_minor, amount_minor=amount_minor, limit_minor=limit):
        raise errors.SecondPersonNeeded(amount_minor=amount_minor, limit=str(Money(limit, currency)))


def asked(*, key: str, by: Member, target: str, request: Mapping[str, Any]) -> Approval | None:
    """The request that this person wrote under this key, whatever became of it. Raises KeyReused when it asks for something else."""
    found = Approval.objects.filter(key=_key(by, key)).first()
    if found is not None and (found.target, found.request) != (target, dict(request)):
        raise errors.KeyReused()
    return found


@transaction.atomic
def ask(
    *,
    deed: str,
    target: str,
    amount_minor: int,
    currency: str = "CNY",
    reason: str,
    request: Mapping[str, Any],
    asked_by: Member,
    key: str,
    now: datetime,
) -> Approval:
    """Write a request down. request: plain values that the deed needs. The same key finds the first request.

    Raises NotAllowed without the deed's permission, KeyReused.
    """
    if not can(asked_by, deed_of(deed).needs):
        raise NotAllowed()
    made, is_new = Approval.objects.get_or_create(
        key=_key(asked_by, key),
        defaults={
            "deed": deed, "target": target, "amount_minor": amount_minor, "currency": currency, "asked_by": asked_by,
            "reason": reason.strip()[: rules.LONGEST_REASON], "request": dict(request), "asked_at": now,
            "expires_at": now + rules.LASTS,
        },
    )  # fmt: skip
    if not is_new:
        if (made.deed, made.target, made.request) != (deed, target, dict(request)):
            raise errors.KeyReused()
        return made
    _note(made, "approval.asked", asked_by, now, amount_minor=amount_minor, deed=deed)
    return made


def do_or_ask(
    act: Callable[[], object],
    *,
    deed: str,
    limit: str,
    money: Money,
    target: str,
    request: Mapping[str, Any],
    reason: str,
    asked_by: Member,
    key: str,
    now: datetime,
) -> Approval | None:
    """Do it when the money is within the limit of that name (None), else write the request for a second person.

    The same key finds the request that was written. Raises NotAllowed without the deed's permission, KeyReused, and what `act` raises.
    """
    known = asked(key=key, by=asked_by, target=target, request=request)
    if known is not None:
        return known
    try:
        check_limit(name=limit, before_minor=0, amount_minor=money.minor, currency=money.currency)
    except errors.SecondPersonNeeded:
        return ask(
            deed=deed, target=target, amount_minor=money.minor, currency=money.currency, reason=reason, request=request,
            asked_by=asked_by, key=key, now=now,
        )  # fmt: skip
    act()
    return None


@transaction.atomic
def approve(*, approval_id: int, by: Member, now: datetime) -> Approval:
    """A second person agrees, and it is done, or nothing of it is.

    Raises NoSuchApproval, SamePerson, NotAllowed, AlreadyDecided, ApprovalExpired, AskerLeft, and what the deed refuses.
    """
    found = _locked(approval_id, by=by)
    if now >= found.expires_at:
        raise errors.ApprovalExpired()
    if not may_still_ask(found):
        raise errors.AskerLeft()
    found.decided_by = by  # a deed may write down who agreed
    found.outcome = deed_of(found.deed).carry_out(found, now=now)[:100]
    _decide(found, ApprovalState.APPROVED, by=by, now=now)
    return found


@transaction.atomic
def decline(*, approval_id: int, by: Member, answer: str, now: datetime) -> Approval:
    """A second person says no, and why. Raises NoSuchApproval, SamePerson, NotAllowed, AlreadyDecided, AnswerNeeded."""
    found = _locked(approval_id, by=by)
    found.answer = answer.replace("\x00", "").strip()
    if not 1 <= len(found.answer) <= rules.LONGEST_ANSWER:
        raise errors.AnswerNeeded(field="answer", most=rules.LONGEST_ANSWER)
    _decide(found, ApprovalState.DECLINED, by=by, now=now)
    return found


@transaction.atomic
def withdraw(*, approval_id: int, by: Member, now: datetime) -> Approval:
    """Whoever asked takes it back. Raises NoSuchApproval (also for somebody else's), AlreadyDecided."""
    found = Approval.objects.select_for_update().filter(pk=approval_id, asked_by=by).first()
    if found is None:
        raise errors.NoSuchApproval()
    _still_waits(found)
    found.state, found.decided_at = ApprovalState.WITHDRAWN, now
    found.save(update_fields=["state", "decided_at"])
    _note(found, "approval.withdrawn", by, now)
    return found


@transaction.atomic
def expire_due(*, now: datetime) -> int:
    """End requests that nobody decided in time, or whose asker left the staff; returns how many."""
    waiting = Approval.objects.select_for_update(of=("self",)).filter(state=ApprovalState.WAITING)
    due = [
        found
        for found in waiting.select_related("asked_by").order_by("pk")
        if now >= found.expires_at or not may_still_ask(found)
    ]
    for found in due:
        found.state, found.decided_at = ApprovalState.EXPIRED, now
        found.save(update_fields=["state", "decided_at"])
        _note(found, "approval.expired", None, now)
    return len(due)


@transaction.atomic
def set_limit(*, name: str, amount_minor: int, by: Member, now: datetime) -> Limit:
    """Change up to which amount one person acts alone; 0 asks for a second person always. Raises NotAllowed, BadLimit."""
    if not can(by, "limits.set"):
        raise NotAllowed()
    if name not in rules.USUAL_MINOR or type(amount_minor) is not int or not 0 <= amount_minor <= LARGEST_MINOR:
        raise errors.BadLimit(field="amount", most=str(Money(LARGEST_MINOR)))
    before = limit_minor(name)
    row, _ = Limit.objects.update_or_create(name=name, defaults={"amount_minor": amount_minor, "changed_at": now})
    audit(
        actor=by, action="limit.set", target=f"limit:{name}", before={"amount_minor": before},
        after={"amount_minor": amount_minor}, now=now,
    )  # fmt: skip
    return row


def _key(by: Member, key: str) -> str:
    return f"{by.pk}:{key}"[:120]


def _locked(approval_id: int, *, by: Member) -> Approval:
    found = Approval.objects.select_for_update().filter(pk=approval_id).first()
    if found is None:
        raise errors.NoSuchApproval()
    if found.asked_by_id == by.pk:
        raise errors.SamePerson()
    if not may_decide(by, found):
        raise NotAllowed()
    _still_waits(found)
    return found


def _still_waits(found: Approval) -> None:
    if found.state != ApprovalState.WAITING:
        raise errors.AlreadyDecided()


def _decide(found: Approval, state: ApprovalState, *, by: Member, now: datetime) -> None:
    found.state, found.decided_by, found.decided_at = state, by, now
    found.save(update_fields=["state", "decided_by", "decided_at", "answer", "outcome"])
    _note(found, f"approval.{state.value}", by, now, outcome=found.outcome, asked_by=found.asked_by_id)


def _note(found: Approval, action: str, actor: Member | None, now: datetime, **after: Any) -> None:
    audit(
        actor=actor, action=action, target=f"approval:{found.pk}", before={"state": "waiting"} if found.decided_at else None,
        after={"of": found.target, **after}, now=now,
    )  # fmt: skip
