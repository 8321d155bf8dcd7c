"""What must hold about ties."""

from django.db import connection

from quanzi.base.doctor import invariant

MUTUAL = "('friend', 'family', 'invited', 'bought_together')"

ONE_SIDED = f"""SELECT t.id, t.source_id, t.target_id, t.kind, t.evidence FROM trust_tie t
    WHERE t.kind IN {MUTUAL} AND t.withdrawn_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM trust_tie r WHERE r.withdrawn_at IS NULL
                      AND (r.source_id, r.target_id, r.kind, r.evidence) = (t.target_id, t.source_id, t.kind, t.evidence))"""


def close_one_sided() -> None:
    """A tie that holds in one direction only is taken as withdrawn: never more trust than both sides show."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE trust_tie SET withdrawn_at = made_at WHERE id IN (SELECT id FROM ({ONE_SIDED}) AS x)")


@invariant("N2", "A mutual tie stands in both directions", fix=close_one_sided)
def one_sided_ties() -> str:
    """Mutual facts whose other half is missing or withdrawn."""
    return ONE_SIDED
