"""What must hold of split circles; the doctor runs these."""

from __future__ import annotations

from quanzi.base.audit.registry import require_audit
from quanzi.base.doctor import invariant

require_audit(
    "split.done",
    "SELECT DISTINCT 'circle:' || circle_id AS target FROM splitting_split WHERE state IN ('done', 'undone')",
)
require_audit(
    "split.undone", "SELECT DISTINCT 'circle:' || circle_id AS target FROM splitting_split WHERE state = 'undone'"
)


@invariant("MT1", "Everybody whose circle was split has a place in their part or the old circle, unless they left")
def without_a_place() -> str:
    """Places of living members for whom neither circle knows anything, and parts that became no circle."""
    return """SELECT p.split_id, p.member_id FROM splitting_place p JOIN splitting_split s ON s.id = p.split_id AND s.state IN ('done', 'undone')
            LEFT JOIN splitting_part part ON part.id = p.part_id JOIN accounts_member m ON m.id = p.member_id AND m.erased_at IS NULL
        WHERE NOT EXISTS (SELECT FROM circles_membership x WHERE x.member_id = p.member_id AND x.circle_id IN (s.circle_id, part.daughter_id))
        UNION ALL SELECT part.split_id, NULL FROM splitting_part part JOIN splitting_split s ON s.id = part.split_id
        WHERE s.state IN ('done', 'undone') AND part.daughter_id IS NULL"""


@invariant("MT2", "A split was undone within its fourteen days and wholly, or not at all")
def half_undone() -> str:
    """Undone splits of which a new circle is still open, and decided ones whose days are not fourteen."""
    return """SELECT s.id, part.daughter_id FROM splitting_split s JOIN splitting_part part ON part.split_id = s.id
            JOIN circles_circle c ON c.id = part.daughter_id WHERE s.state = 'undone' AND c.closed_at IS NULL
        UNION ALL SELECT s.id, NULL FROM splitting_split s WHERE s.state IN ('done', 'undone')
            AND (s.undo_until <> s.decided_at + interval '14 days' OR s.undone_at >= s.undo_until)"""
