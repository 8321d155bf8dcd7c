"""Who may be asked now."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from quanzi.base import planned
from quanzi.growth.spread.rules import ASK_AGAIN

WILLING = """
SELECT p.member_id FROM contact_permission p JOIN accounts_member m ON m.id = p.member_id
WHERE p.purpose = 'samples' AND p.granted AND m.is_active AND m.erased_at IS NULL AND NOT m.is_staff
  AND (%(ids)s::bigint[] IS NULL OR p.member_id = ANY(%(ids)s::bigint[]))
  AND NOT EXISTS (SELECT FROM spread_seed s WHERE s.member_id = p.member_id AND s.asked_at > %(lately)s)
  AND NOT EXISTS (SELECT FROM trust_ringmember r WHERE r.member_id = p.member_id AND r.left_out)
"""
"""Consent, not asked within thirty days, nobody of the staff, nobody whom a moderator left out of counts."""


def willing(ids: Collection[int] | None = None, *, now: datetime) -> set[int]:
    """Members who may be asked to try a sample; ids: of these only."""
    asked = list(ids) if ids is not None else None
    return {row[0] for row in planned.rows(WILLING, {"ids": asked, "lately": now - ASK_AGAIN})}
