"""What must hold about leads."""

from quanzi.base.audit.registry import require_audit
from quanzi.base.doctor import invariant

require_audit("leads.watch", "SELECT 'watch:' || id AS target FROM leads_watch WHERE for_shop")
require_audit(
    "leads.offer", "SELECT 'lead:' || lead_id AS target FROM leads_approach WHERE for_shop AND lead_id IS NOT NULL"
)


@invariant("LE1", "Every lead that was shown rests on a consent that was valid then")
def shown_without_consent() -> str:
    """★ Leads shown outside of the time for which their author was open, to somebody whom that did not name, or on no yes in the ledger."""
    return """SELECT l.id, l.shown_at FROM leads_lead l JOIN leads_opening o ON o.id = l.opening_id JOIN leads_topic t ON t.id = o.topic_id
        JOIN posts_post p ON p.id = l.post_id JOIN contact_consent c ON c.id = o.consent_id
        WHERE l.shown_at IS NOT NULL AND (p.author_id <> o.member_id OR c.member_id <> o.member_id OR c.purpose <> 'offers' OR NOT c.granted
          OR l.shown_at < o.opened_at OR l.shown_at >= o.until OR l.shown_at > o.ended_at OR (l.owner_id IS NOT NULL AND o.scope = 'shop')
          OR (t.is_sensitive AND o.sentence = '' AND o.ended_at IS NULL))"""


@invariant("LE2", "No commercial message shows in the quiet hours, or before it was sent")
def shown_at_night() -> str:
    """Messages that were told by night."""
    return """SELECT id FROM leads_approach WHERE shows_at < sent_at OR told_at < shows_at
        OR extract(hour FROM shows_at AT TIME ZONE 'Asia/Shanghai') NOT BETWEEN 9 AND 20"""
