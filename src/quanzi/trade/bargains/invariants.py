"""What must hold of bargains at every moment."""

from __future__ import annotations

from quanzi.base.audit.registry import require_audit
from quanzi.base.doctor import invariant

require_audit("bargain.answered", "SELECT 'bargain:' || id AS target FROM bargains_bargain WHERE state <> 'gathering'")


@invariant("BG1", "Whoever asked and got an offer may take it, and teams of it were opened by nobody else")
def offers_are_for_who_asked() -> str:
    return """
        SELECT b.id AS bargain, v.member_id AS member, 'asked and may not take the offer' AS problem
          FROM bargains_bargain b JOIN bargains_voice v ON v.bargain_id = b.id AND v.withdrawn_at IS NULL
         WHERE b.deal_id IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM deals_dealguest g WHERE g.deal_id = b.deal_id AND g.member_id = v.member_id)
        UNION ALL
        SELECT b.id, t.opener_id, 'opened a team of an offer that is not theirs'
          FROM deals_team t JOIN deals_groupdeal d ON d.id = t.deal_id AND d.for_guests LEFT JOIN bargains_bargain b ON b.deal_id = d.id
         WHERE NOT EXISTS (SELECT 1 FROM deals_dealguest g WHERE g.deal_id = d.id AND g.member_id = t.opener_id)"""
