"""Members as the staff sees them: without their whole contact, with what they did here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q

from quanzi.base.media.models import Picture
from quanzi.growth.insight.queries import members_at, stages_of
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import may_see
from quanzi.people.accounts.sight import seen

FIGURES = """
SELECT member.id,
       (SELECT count(*) FROM sales_order o WHERE o.member_id = member.id AND o.paid_at IS NOT NULL AND o.state <> 'refunded') AS orders,
       kept.lines, kept.orders, kept.paid, kept.margin,
       (SELECT source.kind FROM sources_touch touch JOIN sources_source source ON source.id = touch.source_id
         WHERE touch.member_id = member.id ORDER BY touch.happened_at, touch.id LIMIT 1),
       (SELECT source.name FROM sources_touch touch JOIN sources_source source ON source.id = touch.source_id
         WHERE touch.member_id = member.id ORDER BY touch.happened_at, touch.id LIMIT 1),
       (SELECT max(placed_at) FROM sales_order o WHERE o.member_id = member.id)
FROM accounts_member member
CROSS JOIN LATERAL (
    SELECT count(*) AS lines, count(DISTINCT line.order_id) AS orders,
           coalesce(sum(line.paid_minor - line.refunded_minor), 0)::bigint AS paid,
           coalesce(sum(line.paid_minor - line.refunded_minor - line.cost_minor), 0)::bigint AS margin
    FROM sales_orderline line WHERE line.member_id = member.id AND line.kept_at IS NOT NULL) kept
WHERE member.id = ANY(%s)
"""

BROUGHT = """
SELECT count(DISTINCT tie.target_id) FROM trust_tie tie
WHERE tie.source_id = %s AND tie.kind = 'invited' AND tie.withdrawn_at IS NULL
  AND tie.evidence = 'invited_by:' || tie.source_id
  AND EXISTS (SELECT FROM sales_orderline line WHERE line.member_id = tie.target_id AND line.kept_at IS NOT NULL)
"""


@dataclass(frozen=True)
class Figures:
    """Counts of one member's facts. paid_minor, margin_minor: of kept lines, after refunds; the margin None for whose role reads none."""

    orders: int = 0
    kept_lines: int = 0
    kept_orders: int = 0
    paid_minor: int = 0
    margin_minor: int | None = 0
    source_kind: str | None = None
    source_name: str | None = None
    last_order_at: datetime | None = None


@dataclass(frozen=True)
class MemberRow:
    """One line of the list. contact: what identifies them, mostly hidden; stage: empty for staff and imported people."""

    id: int
    name: str
    avatar: Picture | None
    contact: str
    joined_at: datetime
    stage: str
    is_demo: bool
    is_leader: bool
    staff_role: str
    figures: Figures


IMPORTED = "imported"
"""In the place of a stage: people of another shop's records, who cannot log in."""


def member_rows(
    *, viewer: Member, words: str = "", stage: str = "", before_id: int | None = None, limit: int = 50, now: datetime
) -> list[MemberRow]:
    """Members, newest first by id, below `before_id`. stage: one of insight's, or IMPORTED.

    words: part of a name; of a phone number or e-mail address too for who may read them, since guessing digit by digit reads them.
    """
    found = Member.objects.filter(confirmed_at__isnull=False, erased_at=None).select_related("avatar")
    if stage == IMPORTED:
        found = found.filter(email=None, phone=None)
    elif stage:
        found = found.filter(pk__in=members_at(stage, now, before_id=before_id, limit=limit))
    if before_id is not None:
        found = found.filter(pk__lt=before_id)
    if words:
        by_contact = Q(phone__contains=words) | Q(email__icontains=words) if may_see(viewer, "phone") else Q()
        found = found.filter(Q(name__icontains=words) | by_contact)
    people = list(found.order_by("-pk")[:limit])
    ids = [one.pk for one in people]
    standing, counted = stages_of(ids, now), figures(ids, viewer=viewer)
    return [_row(one, standing.get(one.pk, ""), counted.get(one.pk, Figures())) for one in people]


def _row(one: Member, stage: str, counted: Figures) -> MemberRow:
    return MemberRow(
        one.pk,
        one.name,
        one.avatar,
        hidden_contact(one),
        one.joined_at,
        stage,
        one.is_demo,
        one.is_leader,
        one.staff_role,
        counted,
    )


def figures(ids: Collection[int], *, viewer: Member) -> dict[int, Figures]:
    """Counts of these members' facts, in one query."""
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, [list(ids)])
        return {row[0]: seen(viewer, Figures(*row[1:]), margin_minor="margin") for row in cursor.fetchall()}


def brought(member_id: int) -> int:
    """How many people came by this member's invitation and kept something."""
    with connection.cursor() as cursor:
        cursor.execute(BROUGHT, [member_id])
        return int(cursor.fetchone()[0])


def hidden_contact(one: Member) -> str:
    """A phone number or an address with its middle hidden: enough to recognise, not enough to use."""
    if one.phone:
        number = one.phone.removeprefix("+86")
        return f"{number[:3]} **** {number[-4:]}"
    if one.email:
        name, _, host = one.email.partition("@")
        return f"{name[:1]}***@{host}"
    return ""


def neighbours(member_id: int) -> tuple[int | None, int | None]:
    """The members before and after one in the list, for the keys [ and ]."""
    known = Member.objects.filter(confirmed_at__isnull=False, erased_at=None).values_list("pk", flat=True)
    newer = known.filter(pk__gt=member_id).order_by("pk").first()
    older = known.filter(pk__lt=member_id).order_by("-pk").first()
    return newer, older
