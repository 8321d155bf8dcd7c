"""Disputes as both sides read them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from quanzi.base.media.models import Picture
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.queries import staff_who_may
from quanzi.trade.aftersales.errors import NoSuchDispute
from quanzi.trade.aftersales.models import Dispute, DisputeState
from quanzi.trade.aftersales.policies import DECIDING
from quanzi.trade.aftersales.queries.claims import ClaimRow, of_lines


@dataclass(frozen=True)
class StatementRow:
    side: str
    side_label: str
    author_name: str
    words: str
    said_at: datetime
    pictures: tuple[Picture, ...]


@dataclass(frozen=True)
class Decision:
    """paid_back: zero when nothing goes back."""

    by: str
    at: datetime
    words: str
    paid_back: Money


@dataclass(frozen=True)
class DisputeRow:
    """decide_by: the clock of whoever decides now; appeal_until: until when the buyer may ask somebody else."""

    id: int
    claim_id: int
    order_number: str
    buyer_id: int
    buyer_name: str
    title: str
    left: Money
    state: str
    state_label: str
    opened_at: datetime
    evidence_until: datetime
    decide_by: datetime
    appeal_until: datetime | None
    decision: Decision | None
    appeal: Decision | None
    closed_at: datetime | None
    had_a_say: frozenset[int]


@dataclass(frozen=True)
class DisputePage:
    row: DisputeRow
    claim: ClaimRow
    statements: tuple[StatementRow, ...]


def deciders(row: DisputeRow) -> list[Member]:
    """Who of the staff may decide it now, by name; none for what is decided or closed."""
    if row.state not in (DisputeState.OPEN, DisputeState.APPEALED):
        return []
    return [one for one in staff_who_may(DECIDING) if one.pk not in {*row.had_a_say, row.buyer_id}]


def open_disputes(*, after_id: int = 0, limit: int = 50) -> list[DisputeRow]:
    """What waits for a decision: open and appealed, in the order of their ids."""
    found = Dispute.objects.filter(state__in=(DisputeState.OPEN, DisputeState.APPEALED), pk__gt=after_id)
    return [_row(one) for one in _joined(found).order_by("pk")[:limit]]


def disputes_of(claim_ids: Collection[int]) -> dict[int, DisputeRow]:
    """Disputes by claim, where there is one."""
    return {one.claim_id: _row(one) for one in _joined(Dispute.objects.filter(claim_id__in=claim_ids))}


def dispute_page(
    *, dispute_id: int | None = None, claim_id: int | None = None, member_id: int | None = None
) -> DisputePage:
    """One, by its id or its claim's; member_id: only as its buyer. Raises NoSuchDispute."""
    wanted = {"pk": dispute_id} if dispute_id is not None else {"claim_id": claim_id}
    one = _joined(Dispute.objects.filter(**wanted)).first()
    if one is None or (member_id is not None and one.claim.member_id != member_id):
        raise NoSuchDispute()
    said = one.statements.select_related("author").prefetch_related("statement_pictures__picture").order_by("pk")
    return DisputePage(
        row=_row(one),
        claim=of_lines([one.claim.line_id])[one.claim.line_id],
        statements=tuple(
            StatementRow(
                side=row.side, side_label=row.get_side_display(), author_name=row.author.name, words=row.words,
                said_at=row.said_at, pictures=tuple(shown.picture for shown in row.statement_pictures.all()),
            )
            for row in said
        ),
    )  # fmt: skip


def _joined(found: QuerySet[Dispute]) -> QuerySet[Dispute]:
    return found.select_related(
        "claim__line__order", "claim__member", "decided_by", "appeal_decided_by", "refund", "appeal_refund"
    )


def _row(one: Dispute) -> DisputeRow:
    line, currency = one.claim.line, one.claim.line.order.currency

    def decision(by: str, at: datetime | None, words: str, minor: int) -> Decision | None:
        return Decision(by, at, words, Money(minor, currency)) if at is not None else None

    return DisputeRow(
        id=one.pk,
        claim_id=one.claim_id,
        order_number=line.order.number,
        buyer_id=one.claim.member_id,
        buyer_name=one.claim.member.name,
        title=line.title,
        left=Money(line.paid_minor - line.refunded_minor, currency),
        state=one.state,
        state_label=one.get_state_display(),
        opened_at=one.opened_at,
        evidence_until=one.evidence_until,
        decide_by=one.decide_by,
        appeal_until=one.appeal_until,
        decision=decision(
            one.decided_by.name if one.decided_by else "", one.decided_at, one.outcome,
            one.refund.amount_minor if one.refund else 0,
        ),
        appeal=decision(
            one.appeal_decided_by.name if one.appeal_decided_by else "", one.appeal_decided_at, one.appeal_outcome,
            one.appeal_refund.amount_minor if one.appeal_refund else 0,
        ),
        closed_at=one.closed_at,
        had_a_say=one.had_a_say,
    )  # fmt: skip
