"""What must hold of requests for a second person."""

from quanzi.base.doctor import Rows, invariant, rows_of

UNSOUND = """
SELECT a.id::text AS place, a.deed, a.state, 'has no audit row of its decision' AS problem
FROM approvals_approval a
WHERE a.state <> 'waiting'
  AND NOT EXISTS (SELECT FROM audit_auditentry e WHERE e.target = 'approval:' || a.id AND e.action = 'approval.' || a.state)
UNION ALL
SELECT a.id::text, a.deed, a.state, 'was decided by whoever asked' FROM approvals_approval a WHERE a.decided_by_id = a.asked_by_id
UNION ALL
SELECT tgrelid::regclass::text, '', '', 'guard ' || tgname || ' is switched off'
FROM pg_trigger WHERE tgrelid = 'approvals_approval'::regclass AND NOT tgisinternal AND tgenabled = 'D'
"""


@invariant("P1", "What needed a second person was decided by one, and stands in the audit log")
def unsound_approvals() -> Rows:
    """Decisions without an audit row, by the same person, or with the guard switched off."""
    return rows_of(UNSOUND)
