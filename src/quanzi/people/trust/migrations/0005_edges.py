"""The strength of each pair beside its facts, and walks that read nothing else (docs/adr/0033).

The numbers are those of rules.py on the day of this migration; tests/people/trust holds the two together. Another formula is another
migration that replaces trust_mass and trust_stays and counts anew.
"""

from importlib import import_module

from django.db import migrations

FORMULA = """
-- The mass of one fresh fact by kind, and the share of it that never fades.
CREATE FUNCTION trust_mass(kind text) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE kind
        WHEN 'family' THEN -ln(1.0::float8 - 0.80::float8)
        WHEN 'friend' THEN -ln(1.0::float8 - 0.60::float8)
        WHEN 'invited' THEN -ln(1.0::float8 - 0.35::float8)
        WHEN 'helped' THEN -ln(1.0::float8 - 0.30::float8)
        WHEN 'kept_advice' THEN -ln(1.0::float8 - 0.25::float8)
        WHEN 'bought_together' THEN -ln(1.0::float8 - 0.20::float8)
        WHEN 'follow' THEN -ln(1.0::float8 - 0.15::float8)
        WHEN 'replied' THEN -ln(1.0::float8 - 0.05::float8)
        ELSE 0.0::float8
    END
$$;
CREATE FUNCTION trust_stays(kind text) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE kind
        WHEN 'invited' THEN 0.5::float8
        WHEN 'helped' THEN 0.25::float8
        WHEN 'kept_advice' THEN 0.25::float8
        WHEN 'bought_together' THEN 0.25::float8
        WHEN 'replied' THEN 0.0::float8
        ELSE 1.0::float8
    END
$$;

-- How much is left of what fades, against 2026-01-01: half in a year, twice as much a year before.
CREATE FUNCTION trust_fade(at timestamptz) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT power(2.0::float8, (1767225600.0::float8 - extract(epoch FROM at)::float8) / 31536000.0::float8)
$$;

-- The weight of one fact by kind and age in seconds; 0 before it happened.
CREATE OR REPLACE FUNCTION trust_weight(kind text, age double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN age < 0 THEN 0.0::float8 ELSE
        1.0::float8 - exp(-trust_mass(kind) * (trust_stays(kind)
            + (1.0::float8 - trust_stays(kind)) * power(2.0::float8, -age / 31536000.0::float8)))
    END
$$;
"""

COUNTING = """
CREATE SEQUENCE trust_edge_version;

-- What the live facts of some pairs come to. Facts are added in the order of what they say, so the sum is the same whenever it is made.
CREATE FUNCTION trust_counted(sources bigint[], targets bigint[])
RETURNS TABLE (source_id bigint, target_id bigint, still float8, fading float8, since timestamptz, peak float8, hidden boolean, is_used boolean)
LANGUAGE sql VOLATILE ROWS 100 AS $$
    SELECT p.source_id, p.target_id, f.still, f.fading, f.since, f.still + f.fading * trust_fade(f.newest), f.hidden,
           f.is_used AND NOT EXISTS (SELECT FROM trust_tie r WHERE r.source_id = p.target_id AND r.target_id = p.source_id
                                     AND r.withdrawn_at IS NULL AND NOT r.is_used)
    FROM (SELECT DISTINCT * FROM unnest(sources, targets) AS u(source_id, target_id)) AS p
    JOIN accounts_member m ON m.id = p.target_id AND m.is_active AND m.erased_at IS NULL
    CROSS JOIN LATERAL (
        SELECT sum(trust_mass(t.kind) * trust_stays(t.kind) ORDER BY t.kind, t.evidence) AS still,
               sum(trust_mass(t.kind) * (1.0::float8 - trust_stays(t.kind)) / trust_fade(t.made_at) ORDER BY t.kind, t.evidence) AS fading,
               min(t.made_at) AS since, max(t.made_at) AS newest, bool_or(t.hidden) AS hidden, bool_and(t.is_used) AS is_used
        FROM trust_tie t
        WHERE t.source_id = p.source_id AND t.target_id = p.target_id AND t.withdrawn_at IS NULL
    ) AS f
    WHERE f.since IS NOT NULL
      AND NOT EXISTS (SELECT FROM safety_block b WHERE b.member_id = p.source_id AND b.other_id = p.target_id)
      AND NOT EXISTS (SELECT FROM safety_block b WHERE b.member_id = p.target_id AND b.other_id = p.source_id)
      AND NOT EXISTS (SELECT FROM trust_tie h WHERE h.source_id = p.target_id AND h.target_id = p.source_id
                      AND h.withdrawn_at IS NULL AND h.hidden)
$$;

-- Count some pairs anew. Whoever counts the same pair, or takes its target away, takes turns: each statement
-- below sees what the others committed before it got its locks.
CREATE FUNCTION trust_count(sources bigint[], targets bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(array_length(sources, 1), 0) = 0 THEN RETURN; END IF;
    PERFORM FROM accounts_member m WHERE m.id IN (SELECT unnest(targets)) ORDER BY m.id FOR KEY SHARE;
    INSERT INTO trust_edge AS e (source_id, target_id, still, fading, since, peak, hidden, is_used, version)
    SELECT DISTINCT u.source_id, u.target_id, 0, 0, 'infinity'::timestamptz, 0, false, true, 0
    FROM unnest(sources, targets) AS u(source_id, target_id) ORDER BY 1, 2
    ON CONFLICT (source_id, target_id) DO UPDATE SET still = e.still;
    UPDATE trust_edge e SET (still, fading, since, peak, hidden, is_used, version)
        = (c.still, c.fading, c.since, c.peak, c.hidden, c.is_used, nextval('trust_edge_version'))
    FROM trust_counted(sources, targets) c WHERE e.source_id = c.source_id AND e.target_id = c.target_id;
    DELETE FROM trust_edge e USING (
        SELECT u.source_id, u.target_id FROM unnest(sources, targets) AS u(source_id, target_id)
        EXCEPT SELECT c.source_id, c.target_id FROM trust_counted(sources, targets) c) AS gone
    WHERE e.source_id = gone.source_id AND e.target_id = gone.target_id;
END $$;

-- A fact changed: both directions of its pair, since hiding and leaving out hold for both.
CREATE FUNCTION trust_tie_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE one bigint[]; other bigint[];
BEGIN
    SELECT array_agg(p.a), array_agg(p.b) INTO one, other FROM (
        SELECT source_id AS a, target_id AS b FROM changed UNION SELECT target_id, source_id FROM changed) AS p;
    PERFORM trust_count(one, other);
    RETURN NULL;
END $$;
CREATE TRIGGER trust_tie_made AFTER INSERT ON trust_tie REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION trust_tie_counted();
CREATE TRIGGER trust_tie_changed AFTER UPDATE ON trust_tie REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION trust_tie_counted();
CREATE TRIGGER trust_tie_gone AFTER DELETE ON trust_tie REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION trust_tie_counted();

CREATE FUNCTION trust_block_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE block record := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    PERFORM trust_count(ARRAY[block.member_id, block.other_id], ARRAY[block.other_id, block.member_id]);
    RETURN NULL;
END $$;
CREATE TRIGGER trust_block_made AFTER INSERT OR DELETE ON safety_block FOR EACH ROW EXECUTE FUNCTION trust_block_counted();

-- Nobody is reached who is gone. The lock waits for ties to this person that are being written.
CREATE FUNCTION trust_member_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE one bigint[];
BEGIN
    PERFORM FROM accounts_member m WHERE m.id = NEW.id FOR UPDATE;
    SELECT array_agg(DISTINCT t.source_id) INTO one FROM trust_tie t WHERE t.target_id = NEW.id AND t.withdrawn_at IS NULL;
    PERFORM trust_count(one, array_fill(NEW.id, ARRAY[array_length(one, 1)])) WHERE one IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER trust_member_gone AFTER UPDATE OF is_active, erased_at ON accounts_member FOR EACH ROW
    WHEN (OLD.is_active IS DISTINCT FROM NEW.is_active OR OLD.erased_at IS DISTINCT FROM NEW.erased_at)
    EXECUTE FUNCTION trust_member_counted();
"""

WALKING = """
-- Everybody within `most` steps (three at the very most) by the strongest path. is_used: whether things may be recommended through it.
-- The viewer's own ties are read whole, also those they hide from others or leave out; on the way, these do not count, only
-- the 200 (third step: 100) strongest ties of a person are read, and the 300, then 500, strongest people gone through.
CREATE FUNCTION trust_reach(viewer bigint, most integer, at timestamptz)
RETURNS TABLE (member_id bigint, steps integer, strength double precision, path bigint[], is_used boolean)
LANGUAGE sql STABLE ROWS 1000 SET jit = off AS $$
    WITH strangers AS MATERIALIZED (
        SELECT b.other_id AS id FROM safety_block b WHERE b.member_id = viewer
        UNION SELECT b.member_id FROM safety_block b WHERE b.other_id = viewer
    ), first AS MATERIALIZED (
        SELECT e.target_id AS id, 1.0::float8 - exp(-(e.still + e.fading * trust_fade(at))) AS strength, e.is_used
        FROM trust_edge e
        WHERE e.source_id = viewer AND e.since <= at AND most >= 1
          AND EXISTS (SELECT FROM accounts_member m WHERE m.id = viewer AND m.erased_at IS NULL)
    ), second AS MATERIALIZED (
        SELECT DISTINCT ON (e.target_id) e.target_id AS id, f.id AS via,
               f.strength * (1.0::float8 - exp(-(e.still + e.fading * trust_fade(at)))) * 0.5::float8 AS strength
        FROM (SELECT id, first.strength FROM first WHERE most >= 2 AND first.is_used ORDER BY first.strength DESC, id LIMIT 300) f
        CROSS JOIN LATERAL (
            SELECT x.target_id, x.still, x.fading FROM trust_edge x
            WHERE x.source_id = f.id AND NOT x.hidden AND x.is_used AND x.since <= at ORDER BY x.peak DESC, x.target_id LIMIT 200) e
        WHERE e.target_id <> viewer AND e.target_id NOT IN (SELECT id FROM strangers)
        ORDER BY e.target_id, strength DESC, f.id
    ), third AS MATERIALIZED (
        SELECT DISTINCT ON (e.target_id) e.target_id AS id, s.via, s.id AS last,
               s.strength * (1.0::float8 - exp(-(e.still + e.fading * trust_fade(at)))) * 0.5::float8 AS strength
        FROM (SELECT id, via, second.strength FROM second WHERE most >= 3 ORDER BY second.strength DESC, id LIMIT 500) s
        CROSS JOIN LATERAL (
            SELECT x.target_id, x.still, x.fading FROM trust_edge x
            WHERE x.source_id = s.id AND NOT x.hidden AND x.is_used AND x.since <= at ORDER BY x.peak DESC, x.target_id LIMIT 100) e
        WHERE e.target_id <> viewer AND e.target_id <> s.via AND e.target_id NOT IN (SELECT id FROM strangers)
        ORDER BY e.target_id, strength DESC, s.via, s.id
    )
    SELECT w.id, w.steps, w.strength,
           CASE w.steps WHEN 1 THEN ARRAY[viewer, w.id] WHEN 2 THEN ARRAY[viewer, w.via, w.id] ELSE ARRAY[viewer, w.via, w.last, w.id] END,
           w.is_used
    FROM (SELECT DISTINCT ON (a.id) a.* FROM (
            SELECT id, 1 AS steps, NULL::bigint AS via, NULL::bigint AS last, first.strength, first.is_used FROM first
            UNION ALL SELECT id, 2, second.via, NULL, second.strength, true FROM second
            UNION ALL SELECT id, 3, third.via, third.last, third.strength, true FROM third) AS a
          ORDER BY a.id, a.strength DESC, a.steps, a.via, a.last) AS w
$$;
"""

FORWARD = f"""
DROP FUNCTION trust_reach(bigint, integer, timestamptz);
DROP FUNCTION trust_edges(bigint[], timestamptz, integer);
{FORMULA}{COUNTING}{WALKING}
SELECT trust_count(array_agg(source_id), array_agg(target_id))
FROM (SELECT DISTINCT source_id, target_id FROM trust_tie WHERE withdrawn_at IS NULL) AS p;
"""

EARLIER = import_module("quanzi.people.trust.migrations.0002_reach").FORWARD.split("-- What happened is not edited")[0]

BACKWARD = f"""
DROP FUNCTION trust_reach(bigint, integer, timestamptz);
DROP TRIGGER trust_member_gone ON accounts_member;
DROP FUNCTION trust_member_counted();
DROP TRIGGER trust_block_made ON safety_block;
DROP FUNCTION trust_block_counted();
DROP TRIGGER trust_tie_made ON trust_tie;
DROP TRIGGER trust_tie_changed ON trust_tie;
DROP TRIGGER trust_tie_gone ON trust_tie;
DROP FUNCTION trust_tie_counted();
DROP FUNCTION trust_count(bigint[], bigint[]);
DROP FUNCTION trust_counted(bigint[], bigint[]);
DROP SEQUENCE trust_edge_version;
DROP FUNCTION trust_weight(text, double precision);
DROP FUNCTION trust_fade(timestamptz);
DROP FUNCTION trust_stays(text);
DROP FUNCTION trust_mass(text);
DROP FUNCTION trust_is_withdrawn(bigint, bigint);
{EARLIER}
"""


class Migration(migrations.Migration):
    dependencies = [("trust", "0004_deeds"), ("safety", "0001_initial"), ("accounts", "0002_confirmed")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
