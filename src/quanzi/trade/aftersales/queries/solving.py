"""What stands beside a review, and how fast help came."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from quanzi.base import planned
from quanzi.trade.aftersales.models import HelpAsk, Solved

BESIDE = """
SELECT e.post_id, c.opened_at, c.decided_at, c.state, d.id IS NOT NULL, s.said_at,
    coalesce(r.amount_minor, 0) + coalesce(r1.amount_minor, 0) + coalesce(r2.amount_minor, 0)
FROM experiences_experience e JOIN aftersales_claim c ON c.line_id = e.line_id JOIN aftersales_solved s ON s.claim_id = c.id
LEFT JOIN sales_orderrefund r ON r.id = c.refund_id LEFT JOIN aftersales_dispute d ON d.claim_id = c.id
LEFT JOIN sales_orderrefund r1 ON r1.id = d.refund_id LEFT JOIN sales_orderrefund r2 ON r2.id = d.appeal_refund_id
WHERE e.post_id = ANY(%s::bigint[]) ORDER BY c.id
"""

SPEED = """
SELECT count(*), count(*) FILTER (WHERE answered_at IS NOT NULL), count(*) FILTER (WHERE answered_at <= promised_by),
    count(*) FILTER (WHERE coalesce(answered_at, %(now)s) > promised_by),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM answered_at - asked_at)) FILTER (WHERE answered_at IS NOT NULL),
    count(e.post_id), count(e.post_id) FILTER (WHERE h.answered_at IS NULL OR e.created_at < h.answered_at)
FROM aftersales_helpask h LEFT JOIN experiences_experience e ON e.line_id = h.line_id AND e.created_at >= h.asked_at
WHERE h.asked_at >= %(since)s
"""


@dataclass(frozen=True)
class SolvedNote:
    """Facts of a complaint that both sides call solved. given_minor: what the shop gave back; 0 for an exchange."""

    told_at: datetime
    answered_at: datetime
    was_exchanged: bool
    was_contested: bool
    given_minor: int
    said_at: datetime


@dataclass(frozen=True)
class HelpSpeed:
    """asked: since then. in_time, late: of those whose time is over or who were answered. half_within: the median of answers.

    reviews: published after help was asked; of them `before`: without waiting for the answer. Nothing of it moves a review.
    """

    asked: int
    answered: int
    in_time: int
    late: int
    half_within: timedelta | None
    reviews: int
    before: int


@dataclass(frozen=True)
class HelpRow:
    id: int
    line_id: int
    order_number: str
    title: str
    buyer_name: str
    words: str
    stars: int | None
    asked_at: datetime
    promised_by: datetime
    answer: str
    answered_at: datetime | None
    answered_by: str


def solved_beside(post_ids: Collection[int]) -> dict[int, SolvedNote]:
    """By the post of the review; the newest where a line had several."""
    if not post_ids:
        return {}
    return {
        post_id: SolvedNote(told_at, answered_at, state == "exchanged", contested, int(given), said_at)
        for post_id, told_at, answered_at, state, contested, said_at, given in planned.rows(BESIDE, [list(post_ids)])
    }


def solved_claims(claim_ids: Collection[int]) -> set[int]:
    """Which of these claims their buyer calls solved."""
    return set(Solved.objects.filter(claim_id__in=claim_ids).values_list("claim_id", flat=True))


def help_speed(*, since: datetime, now: datetime) -> HelpSpeed:
    """How fast help came, and that reviews were published whatever came of it."""
    [(asked, answered, in_time, late, half, reviews, before)] = planned.rows(SPEED, {"since": since, "now": now})
    within = None if half is None else timedelta(seconds=int(half))
    return HelpSpeed(asked, answered, in_time, late, within, reviews, before)


def open_helps(*, after_id: int = 0, limit: int = 50) -> list[HelpRow]:
    """What waits for an answer, the oldest first; pages by `after_id`."""
    return _rows(HelpAsk.objects.filter(answered_at=None, pk__gt=after_id).order_by("pk")[:limit])


def helps_of(line_ids: Collection[int]) -> dict[int, list[HelpRow]]:
    """By line, the newest first."""
    found: dict[int, list[HelpRow]] = {}
    for row in _rows(HelpAsk.objects.filter(line_id__in=line_ids).order_by("-pk")):
        found.setdefault(row.line_id, []).append(row)
    return found


def draft_of(line_id: int, *, member_id: int) -> HelpAsk | None:
    """The newest draft of a review that was put aside to ask for help; None without one."""
    return HelpAsk.objects.filter(line_id=line_id, member_id=member_id).order_by("-pk").first()


def _rows(found: QuerySet[HelpAsk]) -> list[HelpRow]:
    return [
        HelpRow(
            id=one.pk,
            line_id=one.line_id,
            order_number=one.line.order.number,
            title=one.line.title,
            buyer_name=one.member.name,
            words=one.words,
            stars=one.stars,
            asked_at=one.asked_at,
            promised_by=one.promised_by,
            answer=one.answer,
            answered_at=one.answered_at,
            answered_by=one.answered_by.name if one.answered_by else "",
        )
        for one in found.select_related("line__order", "member", "answered_by")
    ]
