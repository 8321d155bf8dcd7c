"""What must hold about needs."""

from quanzi.base.audit.registry import require_audit
from quanzi.base.doctor import invariant

require_audit("needs.answer", "SELECT 'need:' || id AS target FROM needs_need WHERE state <> 'open'")


@invariant("NE1", "Whoever wanted what the shop answered was told")
def left_without_an_answer() -> str:
    """Those who stood behind a need when it was answered, and heard nothing within the notices of the last month."""
    return """SELECT s.need_id, s.member_id FROM needs_support s JOIN needs_need n ON n.id = s.need_id
        WHERE n.answered_at > now() - interval '30 days' AND s.said_at <= n.answered_at
          AND NOT EXISTS (SELECT FROM contact_notice t WHERE t.member_id = s.member_id AND t.created_at >= n.answered_at
                            AND t.key LIKE 'need:' || n.id || ':' || n.state || '%%')"""
