"""The rules by which people earn, and what each came to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, Sum

from quanzi.growth.commission.models import AccrualState, CommissionRule


@dataclass(frozen=True, slots=True)
class RuleRow:
    """state: "later", "running" or "ended"; lines: order lines it spoke of; earned_minor: what of them was not taken back,
    waiting_minor: the part of it whose goods are not kept yet."""

    id: int
    name: str
    depth: int
    rate_bp: int
    starts_at: datetime
    ends_at: datetime | None
    signed_by: str
    signed_at: datetime | None
    state: str
    lines: int
    earned_minor: int
    waiting_minor: int


def standing_rules(*, now: datetime) -> list[CommissionRule]:
    """Those that hold now or will, by depth."""
    return list(CommissionRule.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now)).order_by("depth", "pk"))


def rule_rows(*, now: datetime) -> list[RuleRow]:
    """Newest first."""
    left = F("accruals__amount_minor") - F("accruals__reversed_minor")
    waiting = Q(accruals__state=AccrualState.WAITING)
    found = CommissionRule.objects.select_related("signed_by").annotate(
        lines=Count("accruals"), earned=Sum(left), waiting=Sum(left, filter=waiting)
    )
    return [
        RuleRow(
            rule.pk, rule.name, rule.depth, rule.rate_bp, rule.starts_at, rule.ends_at,
            rule.signed_by.name if rule.signed_by else "", rule.signed_at, _state(rule, now),
            rule.lines, rule.earned or 0, rule.waiting or 0,
        )
        for rule in found.order_by("-pk")
    ]  # fmt: skip


def _state(rule: CommissionRule, now: datetime) -> str:
    if rule.ends_at is not None and rule.ends_at <= now:
        return "ended"
    return "running" if rule.starts_at <= now else "later"
