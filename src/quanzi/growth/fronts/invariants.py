"""What must hold about news of pages."""

from quanzi.base.doctor import invariant


@invariant("FN1", "News of a page reached only who it was for, after the time to undo it")
def reached_too_early() -> str:
    """Receipts of news that were undone, that came before their time, or whose message is somebody else's."""
    return """SELECT r.id FROM fronts_receipt r JOIN fronts_update u ON u.id = r.update_id JOIN leads_approach a ON a.id = r.approach_id
        WHERE u.undone_at IS NOT NULL OR a.sent_at < u.goes_at OR a.kind <> 'update' OR a.sender_id <> u.sender_id OR a.recipient_id <> r.member_id"""
