"""Compensation as the staff and its buyer see it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet

from quanzi.kernel.money import Money
from quanzi.trade.aftersales.models import Compensation


@dataclass(frozen=True)
class CompensationRow:
    """words: why, as the buyer reads it. send_to: where the buyer would like it, until it is paid."""

    id: int
    line_id: int
    order_number: str
    title: str
    buyer_id: int
    buyer_name: str
    reason: str
    reason_label: str
    words: str
    amount: Money
    state: str
    state_label: str
    granted_at: datetime
    granted_by: str
    send_to: str
    paid_how: str
    paid_how_label: str
    reference: str
    ended_at: datetime | None
    why_not: str


def compensations(*, state: str, may_pay: bool, after_id: int = 0, limit: int = 50) -> list[CompensationRow]:
    """Of all orders, the oldest first; pages by `after_id`. Where to send it is for whoever may pay it."""
    rows = _rows(Compensation.objects.filter(state=state, pk__gt=after_id).order_by("pk")[:limit])
    return rows if may_pay else [replace(row, send_to="") for row in rows]


def compensations_of(order_id: int) -> list[CompensationRow]:
    """Of one order, the newest first."""
    return _rows(Compensation.objects.filter(line__order_id=order_id).order_by("-pk"))


def _rows(found: QuerySet[Compensation]) -> list[CompensationRow]:
    return [
        CompensationRow(
            id=one.pk,
            line_id=one.line_id,
            order_number=one.line.order.number,
            title=one.line.title,
            buyer_id=one.member_id,
            buyer_name=one.member.name,
            reason=one.reason,
            reason_label=one.get_reason_display(),
            words=one.words,
            amount=Money(one.amount_minor, one.currency),
            state=one.state,
            state_label=one.get_state_display(),
            granted_at=one.granted_at,
            granted_by=one.granted_by.name,
            send_to=one.send_to,
            paid_how=one.paid_how,
            paid_how_label=one.get_paid_how_display(),
            reference=one.reference,
            ended_at=one.ended_at,
            why_not=one.why_not,
        )
        for one in found.select_related("line__order", "member", "granted_by")
    ]
