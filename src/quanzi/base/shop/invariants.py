"""What must hold about the shop's rules."""

from quanzi.base.doctor import Rows, invariant, rows_of

BROKEN = """
SELECT t.kind, t.version, 'holds before it was shown for seven days' AS problem
FROM shop_ruletext t WHERE t.version > 1 AND t.effective_at < t.published_at + interval '7 days'
UNION ALL
SELECT t.kind, t.version, 'an earlier version is missing'
FROM shop_ruletext t WHERE t.version > 1
  AND NOT EXISTS (SELECT FROM shop_ruletext b WHERE b.kind = t.kind AND b.version = t.version - 1)
UNION ALL
SELECT tgrelid::regclass::text, 0, 'guard ' || tgname || ' is switched off'
FROM pg_trigger WHERE tgname = 'shop_text_append_only' AND tgenabled = 'D'
"""


@invariant("T1", "Rules of the shop are never edited, and shown seven days before they hold")
def rules_shown_first() -> Rows:
    return rows_of(BROKEN)
