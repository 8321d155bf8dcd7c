"""What must hold in the audit log."""

from quanzi.base.audit.registry import required
from quanzi.base.doctor import Rows, invariant, rows_of

UNSOUND = """
SELECT id::text AS place, action, target, 'names nobody or nothing' AS problem
FROM audit_auditentry WHERE actor_label = '' OR action = ''
UNION ALL
SELECT tgrelid::regclass::text, '', '', 'guard ' || tgname || ' is switched off'
FROM pg_trigger WHERE tgname LIKE 'audit!_%' ESCAPE '!' AND NOT tgisinternal AND tgenabled = 'D'
"""

MISSING = """
SELECT '' AS place, %s::text AS action, wanted.target::text AS target, 'has no audit row' AS problem
FROM ({targets}) wanted
WHERE NOT EXISTS (SELECT 1 FROM audit_auditentry a WHERE a.action = %s AND a.target = wanted.target)
"""


@invariant("A1", "Each change that must be accounted for has its audit row")
def unaudited_changes() -> Rows:
    """Audit rows without an actor or action, a guard switched off, and declared changes without a row."""
    found = rows_of(UNSOUND)
    for action, targets in sorted(required().items()):
        found += rows_of(MISSING.format(targets=targets.replace("%", "%%")), [action, action])
    return found


@invariant("A3", "The audit log is append-only and its hash chain is unbroken")
def broken_chain() -> str:
    """Links that do not follow from their rows or from the link before, rows outside the chain."""
    return """
        SELECT l.seq::text AS place, l.entry_id, 'hash does not match' AS problem
        FROM (SELECT link.*, lag(hash, 1, repeat('0', 64)) OVER (ORDER BY seq) AS hash_before,
                     row_number() OVER (ORDER BY seq) AS nth FROM audit_auditlink link) l
        JOIN audit_canonical c ON c.entry_id = l.entry_id
        WHERE l.prev_hash <> l.hash_before OR l.seq <> l.nth OR l.hash <> audit_hash(l.prev_hash, c.body)
        UNION ALL
        SELECT '', e.id, 'not in the chain'
        FROM audit_auditentry e LEFT JOIN audit_auditlink l ON l.entry_id = e.id WHERE l.entry_id IS NULL
        ORDER BY 1"""
