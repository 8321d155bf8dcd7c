"""The board. A question is shown while everybody may read it; counts are counts of supports."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from quanzi.base import planned
from quanzi.growth.needs.models import ENDED, NeedState
from quanzi.people.trust.rings import LEFT_OUT

HOLDS = timedelta(days=30)

BOARD = f"""
SELECT n.id, CASE WHEN n.post_id IS NULL THEN n.words ELSE p.title END AS what, n.post_id, n.state, n.answer, g.slug, g.name, n.preorder_id,
       n.opened_at, n.answered_at,
           (SELECT count(*) FROM needs_support s WHERE s.need_id = n.id AND NOT {LEFT_OUT.format(id="s.member_id")}) AS wanted,
       EXISTS (SELECT FROM needs_support s WHERE s.need_id = n.id AND s.member_id = %(me)s::bigint) AS is_mine,
       (n.product_id IS NOT NULL AND g.state <> 'on_sale') OR (n.preorder_id IS NOT NULL AND r.state <> 'open') AS is_gone,
       r.closes_at AS until
FROM needs_need n LEFT JOIN posts_post p ON p.id = n.post_id LEFT JOIN circles_circle c ON c.id = p.circle_id
    LEFT JOIN catalogue_product g ON g.id = n.product_id LEFT JOIN preorders_preorder r ON r.id = n.preorder_id
WHERE (n.post_id IS NULL OR (p.hidden_at IS NULL AND p.removed_at IS NULL AND (p.circle_id IS NULL OR c.admission = 'open')))
  AND (%(id)s::bigint IS NULL OR n.id = %(id)s::bigint) AND (%(states)s::text[] IS NULL OR n.state = ANY(%(states)s::text[]))
  AND (NOT %(mine)s OR EXISTS (SELECT FROM needs_support s WHERE s.need_id = n.id AND s.member_id = %(me)s::bigint))
  AND (p.author_id IS NULL OR p.author_id <> ALL(%(unwanted)s::bigint[]))
ORDER BY wanted DESC, n.id DESC LIMIT %(limit)s OFFSET %(skip)s
"""


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A need on the board. what: the words, or the title of the question; wanted: how many stand behind it; is_mine: so does the reader.

    is_gone: the goods that were the answer cannot be had any more; until: a preorder that was it can be joined.
    """

    id: int
    what: str
    post_id: int | None
    state: str
    answer: str
    product_slug: str | None
    product_name: str | None
    preorder_id: int | None
    opened_at: datetime
    answered_at: datetime | None
    wanted: int
    is_mine: bool
    is_gone: bool
    until: datetime | None

    def may_be_asked_again(self, now: datetime) -> bool:
        """A yes holds while its goods are there, a no for a month."""
        if self.state not in ENDED or self.answered_at is None:
            return False
        if self.is_gone or (self.until is not None and self.until <= now):
            return True
        return self.state == NeedState.DECLINED and self.answered_at <= now - HOLDS

    @property
    def state_label(self) -> str:
        return str(NeedState(self.state).label)

    @property
    def is_open(self) -> bool:
        return self.state in (NeedState.OPEN, NeedState.SEEKING)


def board(
    *,
    member_id: int | None = None,
    states: Collection[str] | None = None,
    mine: bool = False,
    unwanted: Collection[int] = (),
    skip: int = 0,
    limit: int = 20,
) -> list[NeedRow]:
    """The most wanted first. unwanted: people whose questions the reader does not see; mine: only what the reader stands behind."""
    values = {
        "me": member_id, "states": list(states) if states is not None else None, "mine": mine, "id": None,
        "unwanted": list(unwanted), "skip": skip, "limit": limit,
    }  # fmt: skip
    return [NeedRow(*row) for row in planned.rows(BOARD, values)]


def need_row(need_id: int, *, member_id: int | None = None, unwanted: Collection[int] = ()) -> NeedRow | None:
    """One need that everybody may see."""
    values = {
        "me": member_id, "states": None, "mine": False, "id": need_id, "unwanted": list(unwanted), "skip": 0, "limit": 1,
    }  # fmt: skip
    found = planned.rows(BOARD, values)
    return NeedRow(*found[0]) if found else None
