"""What must hold about samples."""

from quanzi.base.audit.registry import require_audit
from quanzi.base.doctor import invariant

require_audit("spread.plan", "SELECT 'plan:' || id AS target FROM spread_plan")
require_audit("spread.send", "SELECT 'seed:' || id AS target FROM spread_seed WHERE state = 'sent'")


@invariant(
    "SD1", "Each sample is held from the question to the parcel, written off once, and there are no more than planned"
)
def samples_add_up() -> str:
    """Seeds whose stock says something else than their state, and plans with more samples out or promised than they have."""
    return """
    SELECT s.plan_id, s.id AS seed_id, s.state, r.state AS held, m.kind AS written
    FROM spread_seed s LEFT JOIN stock_reservation r ON r.ref = 'sample:' || s.id AND r.state = 'live'
    LEFT JOIN stock_movement m ON m.key = 'sample:' || s.id
    WHERE (s.state IN ('asked', 'accepted')) <> (r.id IS NOT NULL) OR (s.state = 'sent') <> (m.id IS NOT NULL)
    UNION ALL
    SELECT p.id, NULL, 'too many', NULL, NULL FROM spread_plan p
    WHERE (SELECT count(*) FROM spread_seed s WHERE s.plan_id = p.id AND s.state IN ('asked', 'accepted', 'sent')) > p.samples"""
