"""Reads of the room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from quanzi.base import planned
from quanzi.people.accounts.models import Member
from quanzi.people.safety.models import Block, Mute, Report


@dataclass(frozen=True)
class ReportRow:
    """A report in the moderator's list. again: how many others reported the same thing."""

    id: int
    subject: str
    reason: str
    reason_label: str
    note: str
    reporter_id: int
    reporter_name: str
    made_at: datetime
    again: int


def blocked_ids(member_id: int) -> set[int]:
    """Everybody the member blocked or is blocked by."""
    sql = """SELECT other_id FROM safety_block WHERE member_id = %(me)s
             UNION SELECT member_id FROM safety_block WHERE other_id = %(me)s"""
    return {row[0] for row in planned.rows(sql, {"me": member_id})}


def muted_ids(member_id: int) -> set[int]:
    """Everybody whose posts the member does not want to see."""
    return {row[0] for row in planned.rows("SELECT other_id FROM safety_mute WHERE member_id = %s", [member_id])}


def are_blocked(one_id: int, other_id: int) -> bool:
    """Whether a block stands between the two, in either direction."""
    return Block.objects.filter(
        Q(member_id=one_id, other_id=other_id) | Q(member_id=other_id, other_id=one_id)
    ).exists()


def blocks_of(member: Member) -> list[Block]:
    """People the member blocked, newest first, for the page where blocks are taken back."""
    return list(
        Block.objects.filter(member=member).select_related("other", "other__avatar").order_by("-made_at", "-id")
    )


def mutes_of(member: Member) -> list[Mute]:
    """People the member muted, newest first."""
    return list(Mute.objects.filter(member=member).select_related("other", "other__avatar").order_by("-made_at", "-id"))


def open_reports(*, after_id: int = 0, limit: int = 50) -> list[ReportRow]:
    """Undecided reports, oldest first, a page at a time."""
    rows = list(Report.objects.filter(decided_at=None, pk__gt=after_id).select_related("member").order_by("id")[:limit])
    counts: dict[str, int] = {}
    for subject in Report.objects.filter(subject__in={row.subject for row in rows}).values_list("subject", flat=True):
        counts[subject] = counts.get(subject, 0) + 1
    return [
        ReportRow(
            row.pk, row.subject, row.reason, row.get_reason_display(), row.note, row.member_id, row.member.name,
            row.made_at, counts[row.subject] - 1,
        )
        for row in rows
    ]  # fmt: skip
