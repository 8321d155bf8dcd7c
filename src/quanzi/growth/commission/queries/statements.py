"""What somebody earned, line by line, and what each payout settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum

from quanzi.growth.commission.models import Accrual, AccrualState, Payout, PayoutAccount, PayoutLine, PayoutState
from quanzi.growth.commission.queries.due import due_to
from quanzi.growth.commission.rules import SEAL
from quanzi.people.accounts.sealing import sealer


@dataclass(frozen=True)
class Standing:
    """Sums of one person, in fen. due: the next payout would settle it; below zero: paid back by later earnings."""

    waiting_minor: int
    due_minor: int
    open_minor: int
    paid_minor: int


@dataclass(frozen=True)
class StatementLine:
    """One accrual, as its beneficiary and finance read it; minor: what it comes to here. For whose order is never said by name."""

    accrual_id: int
    order_id: int
    order_number: str
    line_id: int
    title: str
    paid_minor: int
    rate_bp: int
    minor: int
    state: str
    at: datetime
    payout_id: int | None


def standing_of(member_id: int) -> Standing:
    """What is owed to a person, waits, and was paid."""
    waiting = Accrual.objects.filter(beneficiary_id=member_id, state=AccrualState.WAITING)
    sums = Payout.objects.filter(beneficiary_id=member_id).aggregate(
        open=Sum("amount_minor", filter=Q(state__in=[PayoutState.ASKED, PayoutState.APPROVED])),
        paid=Sum("amount_minor", filter=Q(state__in=[PayoutState.SENT, PayoutState.DONE])),
    )
    return Standing(
        waiting_minor=waiting.aggregate(sum=Sum(F("amount_minor") - F("reversed_minor")))["sum"] or 0,
        due_minor=sum(one.minor for one in due_to(member_id)),
        open_minor=sums["open"] or 0,
        paid_minor=sums["paid"] or 0,
    )


def earnings_of(member_id: int, *, before_id: int | None = None, limit: int = 50) -> list[StatementLine]:
    """Everything that a person earned or will earn, newest first."""
    inside = PayoutLine.objects.filter(accrual=OuterRef("pk"), is_live=True, kind="earned").values("payout_id")
    found = Accrual.objects.filter(beneficiary_id=member_id).select_related("line__order", "rule")
    if before_id is not None:
        found = found.filter(pk__lt=before_id)
    rows = found.annotate(in_payout=Subquery(inside[:1])).order_by("-pk")[:limit]
    return [_line(one, one.amount_minor - one.reversed_minor, payout_id=one.in_payout) for one in rows]


def statement(payout_id: int) -> list[StatementLine]:
    """The lines of one payout, in the order in which they were earned."""
    rows = PayoutLine.objects.filter(payout_id=payout_id).select_related("accrual__line__order", "accrual__rule")
    return [_line(row.accrual, row.amount_minor, payout_id=payout_id) for row in rows.order_by("accrual_id")]


def account_of(member_id: int) -> PayoutAccount | None:
    """Where the person's commission goes now."""
    return PayoutAccount.objects.filter(member_id=member_id, retired_at=None).first()


def number_of(account: PayoutAccount) -> str:
    """The whole number, for whoever sends the money."""
    return sealer(SEAL).decrypt(account.sealed.encode()).decode()


def payout_of(payout_id: int) -> Payout | None:
    return _payouts().filter(pk=payout_id).first()


def payouts(*, before_id: int | None = None, limit: int = 50) -> list[Payout]:
    """All payouts, newest first."""
    found = _payouts() if before_id is None else _payouts().filter(pk__lt=before_id)
    return list(found.order_by("-pk")[:limit])


def payouts_to(member_id: int, *, limit: int = 50) -> list[Payout]:
    """Payouts to one person, newest first."""
    return list(_payouts().filter(beneficiary_id=member_id).order_by("-pk")[:limit])


def _payouts() -> QuerySet[Payout]:
    return Payout.objects.select_related("beneficiary", "account", "made_by", "approved_by", "approval")


def _line(accrual: Accrual, minor: int, *, payout_id: int | None) -> StatementLine:
    line = accrual.line
    return StatementLine(
        accrual_id=accrual.pk, order_id=line.order_id, order_number=line.order.number, line_id=line.pk, title=line.title,
        paid_minor=line.paid_minor - line.refunded_minor, rate_bp=accrual.rule.rate_bp, minor=minor, state=accrual.state,
        at=accrual.created_at, payout_id=payout_id,
    )  # fmt: skip
