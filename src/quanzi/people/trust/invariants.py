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


DRIFTED = """WITH pair AS (SELECT source_id, target_id FROM trust_tie WHERE withdrawn_at IS NULL UNION SELECT source_id, target_id FROM trust_edge),
    counted AS (SELECT c.* FROM (SELECT array_agg(source_id) AS sources, array_agg(target_id) AS targets FROM pair) p,
                LATERAL trust_counted(p.sources, p.targets) c)
SELECT source_id, target_id, e.still AS kept, c.still AS counted FROM trust_edge e FULL JOIN counted c USING (source_id, target_id)
WHERE (e.still, e.fading, e.since, e.peak, e.hidden, e.is_used) IS DISTINCT FROM (c.still, c.fading, c.since, c.peak, c.hidden, c.is_used)"""


def count_drifted() -> None:
    """What pairs come to is counted anew from their facts."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT trust_count(array_agg(source_id), array_agg(target_id)) FROM ({DRIFTED}) AS x")


@invariant("N3", "The strength of each pair is that of its facts", fix=count_drifted)
def drifted_edges() -> str:
    """Pairs whose kept numbers are not those of their live facts, consent, blocks and people as they stand."""
    return DRIFTED
