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
