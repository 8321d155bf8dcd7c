"""Members, moderation, money and the house, as the staff reads them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from quanzi.faces.api.schemas.common import CardOut, In, MoneyOut, Out, PersonOut, PictureOut, Text, WorkedOut


class FiguresOut(Out):
    """Of facts. paid_minor: of kept lines, after refunds."""

    orders: int
    kept_lines: int
    kept_orders: int
    paid_minor: int
    source_kind: str | None
    source_name: str | None
    last_order_at: datetime | None


class MemberRowOut(Out):
    """contact: mostly hidden. stage: empty for staff and imported people."""

    id: int
    name: str
    avatar: PictureOut | None
    contact: str
    joined_at: datetime
    stage: str
    is_leader: bool
    staff_role: str
    is_demo: bool
    figures: FiguresOut


class TimelineOut(Out):
    """A fact about a member."""

    kind: str
    at: datetime
    title: str
    amount_minor: int | None
    link: str


class StaffMemberOut(Out):
    """facts: newest first, at most sixty; brought: people who came by their invitation and kept something."""

    id: int
    name: str
    contact: str
    joined_at: datetime
    stage: str
    figures: FiguresOut
    brought: int
    facts: list[TimelineOut]


class StaffPersonOut(Out):
    id: int
    name: str
    contact: str
    staff_role: str
    is_active: bool


class StaffCircleOut(Out):
    """waiting: people at the door; posts: of the last thirty days."""

    id: int
    slug: str
    name: str
    admission: str
    founder: PersonOut
    members: int
    waiting: int
    posts: int
    created_at: datetime
    closed_at: datetime | None


class WaitingOut(WorkedOut):
    id: int
    circle: str
    member: PersonOut
    answer: str
    asked_at: datetime

    @staticmethod
    def resolve_circle(obj: Any) -> str:
        return str(obj.circle.slug)


class QuestionOut(Out):
    """A question that nobody answered."""

    id: int
    title: str
    author: PersonOut
    created_at: datetime


class ReportOut(Out):
    """subject: such as post:12. again: how many others reported the same."""

    id: int
    subject: str
    reason: str
    reason_label: str
    note: str
    reporter_id: int
    reporter_name: str
    made_at: datetime
    again: int


class RingSignOut(Out):
    """What two people of a ring share: kind of sign and how often."""

    one: str
    other: str
    signs: dict[str, int]


class RingOut(Out):
    """People whose orders look made for each other's benefit. state: waiting, left_out or honest."""

    id: int
    state: str
    people: list[CardOut]
    signs: list[RingSignOut]
    found_at: datetime
    decided_at: datetime | None
    decided_by: str
    reason: str


class RingDecisionIn(In):
    state: Literal["left_out", "honest"]
    reason: Text = Field(max_length=200, description="The people of the ring read it")


class DecisionIn(In):
    """hidden: also hides the post, with the reason that its author reads."""

    decision: Literal["dismissed", "hidden", "warned"]
    reason: Text = Field(default="", max_length=200)


class EntryOut(Out):
    """Of one account; minor is signed."""

    account_code: str
    amount: MoneyOut


class BookingOut(Out):
    """seq, hash: its place in the chain."""

    id: int
    kind: str
    memo: str
    ref: str
    actor: str
    occurred_at: datetime
    posted_at: datetime
    reverses_id: int | None
    seq: int | None
    hash: str
    lines: list[EntryOut]


class BalanceOut(Out):
    account: str
    amount: MoneyOut


class AuditChainOut(Out):
    """broken_at: number of the first booking that does not agree, null when all do."""

    up_to: int
    broken_at: int | None


class CaseOut(Out):
    """A message of a payment service that fits nothing we asked for. verdict: what did not fit."""

    id: int
    provider: str
    event_id: str
    event_type: str
    received_at: datetime
    verdict: str


class FailedRefundOut(Out):
    """A refund that the payment service refused for good. order: its number."""

    id: int
    order: str
    amount: MoneyOut
    reason: str


class HandRefundOut(FailedRefundOut):
    """A refund that somebody of the shop pays in cash or by transfer. buyer: name."""

    buyer: str


class HandReferenceIn(In):
    reference: Text = Field(min_length=1, max_length=60)


class ResolutionIn(In):
    resolution: Text = Field(min_length=1, max_length=150)


class RuleOut(Out):
    id: str
    title: str
    violations: int
    error: str


class CheckupOut(Out):
    """What the doctor said last. results: of each promise."""

    checked_at: datetime
    rules: int
    broken: int
    took_ms: int
    results: list[RuleOut]


class TaskOut(Out):
    """n things that wait. at: the oldest, or for teams the next deadline."""

    name: str
    n: int
    at: datetime | None


class StageOut(Out):
    name: str
    people: int
    week_before: int


class DayMarginOut(Out):
    """is_open: returns may still change it."""

    day: date
    margin_minor: int
    is_open: bool


class MoneyStateOut(Out):
    """This month."""

    since: date
    received_minor: int
    refunded_minor: int
    orders: int
    refunded_orders: int
    kept_minor: int
    margin_minor: int
    escrow_minor: int
    days: list[DayMarginOut]


class TodayOut(Out):
    """stages, money: null without the permission (sources.view, money.view)."""

    tasks: list[TaskOut]
    stages: list[StageOut] | None
    money: MoneyStateOut | None


class AuditOut(Out):
    """before, after: the values that changed."""

    id: int
    at: datetime
    actor_id: int | None
    actor_label: str
    action: str
    target: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class ImportRunOut(Out):
    """done of total records; report: what the import chose to write down."""

    id: int
    kind: str
    folder_name: str
    total: int
    done: int
    started_at: datetime
    finished_at: datetime | None
    report: dict[str, Any]


class OfflineIn(In):
    """reference: the bank's; empty for cash."""

    reference: Text = Field(default="", max_length=60)


class EndIn(In):
    reason: Text = Field(min_length=1, max_length=60)
