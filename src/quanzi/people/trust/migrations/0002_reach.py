"""Strength and reach in SQL, and facts that are not edited.

The numbers are those of rules.py on the day of this migration; tests/people/trust holds the two together. Another
formula is another migration that replaces trust_weight.
"""

from django.db import migrations

FORWARD = """
-- The weight of one fact by kind and age in seconds; 0 before it happened.
CREATE FUNCTION trust_weight(kind text, age double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN age < 0 THEN 0.0::float8 ELSE
        CASE kind
            WHEN 'family' THEN 0.80::float8
            WHEN 'friend' THEN 0.60::float8
            WHEN 'invited' THEN 0.35::float8 * (0.5::float8 + 0.5::float8 * power(2.0::float8, -age / 31536000.0::float8))
            WHEN 'bought_together' THEN
                0.20::float8 * (0.25::float8 + 0.75::float8 * power(2.0::float8, -age / 31536000.0::float8))
            WHEN 'follow' THEN 0.15::float8
            ELSE 0.0::float8
        END
    END
$$;

-- Whether one of two people has taken their ties back and nothing they agreed to stands since.
CREATE FUNCTION trust_is_withdrawn(one bigint, other bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM trust_tie t
                   WHERE ((t.source_id = one AND t.target_id = other) OR (t.source_id = other AND t.target_id = one))
                     AND t.withdrawn_at IS NOT NULL AND t.kind <> 'follow')
       AND NOT EXISTS (SELECT 1 FROM trust_tie t
                       WHERE t.source_id = one AND t.target_id = other
                         AND t.withdrawn_at IS NULL AND t.kind IN ('friend', 'family'))
$$;

-- Ties going out from people: their strength, and whether the other end, or this end, keeps them hidden.
-- facts: how many of a person's newest facts are read, NULL for all of them.
CREATE FUNCTION trust_edges(sources bigint[], at timestamptz, facts integer)
RETURNS TABLE (source_id bigint, target_id bigint, strength double precision, hidden boolean)
LANGUAGE sql STABLE ROWS 2000 AS $$
    SELECT s.id, e.target_id, e.strength, e.hidden
    FROM unnest(sources) AS s(id)
    CROSS JOIN LATERAL (
        SELECT f.target_id,
               1.0::float8 - exp(sum(ln(1.0::float8
                   - trust_weight(f.kind, extract(epoch FROM at - f.made_at)::float8)))) AS strength,
               bool_or(f.hidden) AS hidden
        FROM (SELECT t.target_id, t.kind::text AS kind, t.made_at, t.hidden
              FROM trust_tie t
              WHERE t.source_id = s.id AND t.withdrawn_at IS NULL AND t.made_at <= at
              ORDER BY t.made_at DESC, t.id DESC LIMIT facts) AS f
        GROUP BY f.target_id
    ) AS e
    JOIN accounts_member m ON m.id = e.target_id AND m.is_active AND m.erased_at IS NULL
    WHERE NOT EXISTS (SELECT 1 FROM safety_block b WHERE b.member_id = s.id AND b.other_id = e.target_id)
      AND NOT EXISTS (SELECT 1 FROM safety_block b WHERE b.member_id = e.target_id AND b.other_id = s.id)
      AND NOT EXISTS (SELECT 1 FROM trust_tie h WHERE h.target_id = s.id AND h.source_id = e.target_id
                      AND h.withdrawn_at IS NULL AND h.hidden)
$$;

-- Everybody within `most` steps (three at the very most) by the strongest path.
-- The viewer's own ties are read whole, also those they hide from others; on the way, hidden ties do not count,
-- only the 200 (third step: 100) newest facts of a person are read, and the 300, then 500, strongest people gone through.
CREATE FUNCTION trust_reach(viewer bigint, most integer, at timestamptz)
RETURNS TABLE (member_id bigint, steps integer, strength double precision, path bigint[])
LANGUAGE sql STABLE ROWS 1000 SET jit = off AS $$
    WITH strangers AS MATERIALIZED (
        SELECT b.other_id AS id FROM safety_block b WHERE b.member_id = viewer
        UNION SELECT b.member_id FROM safety_block b WHERE b.other_id = viewer
    ), first AS MATERIALIZED (
        SELECT e.target_id AS id, e.strength, ARRAY[viewer, e.target_id] AS path
        FROM trust_edges(ARRAY[viewer], at, NULL) e
        WHERE most >= 1 AND EXISTS (SELECT 1 FROM accounts_member m WHERE m.id = viewer AND m.erased_at IS NULL)
    ), second AS MATERIALIZED (
        SELECT DISTINCT ON (e.target_id) e.target_id AS id, f.strength * e.strength * 0.5::float8 AS strength,
               f.path || e.target_id AS path
        FROM trust_edges(ARRAY(SELECT id FROM first WHERE most >= 2 ORDER BY strength DESC, id LIMIT 300), at, 200) e
        JOIN first f ON f.id = e.source_id
        WHERE NOT e.hidden AND e.target_id <> viewer AND e.target_id NOT IN (SELECT id FROM strangers)
        ORDER BY e.target_id, f.strength * e.strength DESC, f.path
    ), third AS MATERIALIZED (
        SELECT DISTINCT ON (e.target_id) e.target_id AS id, s.strength * e.strength * 0.5::float8 AS strength,
               s.path || e.target_id AS path
        FROM trust_edges(ARRAY(SELECT id FROM second WHERE most >= 3 ORDER BY strength DESC, id LIMIT 500), at, 100) e
        JOIN second s ON s.id = e.source_id
        WHERE NOT e.hidden AND e.target_id <> viewer AND e.target_id <> ALL (s.path)
          AND e.target_id NOT IN (SELECT id FROM strangers)
        ORDER BY e.target_id, s.strength * e.strength DESC, s.path
    )
    SELECT DISTINCT ON (w.id) w.id, array_length(w.path, 1) - 1, w.strength, w.path
    FROM (SELECT * FROM first UNION ALL SELECT * FROM second UNION ALL SELECT * FROM third) AS w
    ORDER BY w.id, w.strength DESC, array_length(w.path, 1), w.path
$$;

-- What happened is not edited, and a withdrawn tie does not come back: agreeing again is a new fact.
CREATE FUNCTION trust_guard_tie() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.source_id, NEW.target_id, NEW.kind, NEW.evidence, NEW.made_at)
        IS DISTINCT FROM (OLD.source_id, OLD.target_id, OLD.kind, OLD.evidence, OLD.made_at) THEN
        RAISE EXCEPTION 'tie %: a fact is never edited', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at THEN
        RAISE EXCEPTION 'tie %: withdrawn stays withdrawn', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER trust_tie_guard BEFORE UPDATE ON trust_tie FOR EACH ROW EXECUTE FUNCTION trust_guard_tie();
"""

BACKWARD = """
DROP TRIGGER trust_tie_guard ON trust_tie;
DROP FUNCTION trust_guard_tie();
DROP FUNCTION trust_reach(bigint, integer, timestamptz);
DROP FUNCTION trust_edges(bigint[], timestamptz, integer);
DROP FUNCTION trust_is_withdrawn(bigint, bigint);
DROP FUNCTION trust_weight(text, double precision);
"""


class Migration(migrations.Migration):
    dependencies = [("trust", "0001_initial"), ("safety", "0001_initial"), ("accounts", "0002_confirmed")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
