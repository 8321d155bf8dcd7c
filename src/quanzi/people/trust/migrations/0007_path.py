"""The way from one person to another, sought from both ends; and who is left out follows from what was decided about a ring."""

from django.db import migrations

FORWARD = """
-- The strongest path between two people: the strongest of what trust_reach finds, without walking to everybody else.
-- The ties of the viewer on one side, those to the other person on the other, and one step between them.
CREATE FUNCTION trust_path(viewer bigint, other bigint, at timestamptz)
RETURNS TABLE (member_id bigint, steps integer, strength double precision, path bigint[], is_used boolean)
LANGUAGE sql STABLE ROWS 1 SET jit = off AS $$
    WITH first AS MATERIALIZED (
        SELECT e.target_id AS id, 1.0::float8 - exp(-(e.still + e.fading * trust_fade(at))) AS strength, e.is_used
        FROM trust_edge e WHERE e.source_id = viewer AND e.since <= at
    ), hop AS MATERIALIZED (
        SELECT id, first.strength FROM first WHERE first.is_used AND id <> other ORDER BY first.strength DESC, id LIMIT 300
    ), last AS MATERIALIZED (
        SELECT e.source_id AS id, 1.0::float8 - exp(-(e.still + e.fading * trust_fade(at))) AS strength
        FROM trust_edge e
        WHERE e.target_id = other AND e.source_id <> viewer AND NOT e.hidden AND e.is_used AND e.since <= at
        ORDER BY e.peak DESC, e.source_id LIMIT 300
    ), found AS (
        SELECT 1 AS steps, first.strength, ARRAY[viewer, other] AS path, first.is_used FROM first WHERE first.id = other
        UNION ALL
        (SELECT 2, h.strength * l.strength * 0.5::float8 AS of_path, ARRAY[viewer, h.id, other], true FROM hop h JOIN last l ON l.id = h.id
         ORDER BY of_path DESC, h.id LIMIT 1)
        UNION ALL
        (SELECT 3, h.strength * (1.0::float8 - exp(-(e.still + e.fading * trust_fade(at)))) * l.strength * 0.25::float8 AS of_path,
                ARRAY[viewer, h.id, e.target_id, other], true
         FROM hop h
         CROSS JOIN LATERAL (
             SELECT x.target_id, x.still, x.fading FROM trust_edge x
             WHERE x.source_id = h.id AND NOT x.hidden AND x.is_used AND x.since <= at ORDER BY x.peak DESC, x.target_id LIMIT 200) e
         JOIN last l ON l.id = e.target_id
         WHERE e.target_id <> viewer
           AND NOT EXISTS (SELECT FROM safety_block b WHERE (b.member_id, b.other_id) IN ((viewer, e.target_id), (e.target_id, viewer)))
         ORDER BY of_path DESC, h.id, e.target_id LIMIT 1)
    )
    SELECT other, f.steps, f.strength, f.path, f.is_used FROM found f
    WHERE EXISTS (SELECT FROM accounts_member m WHERE m.id = viewer AND m.erased_at IS NULL)
      AND NOT EXISTS (SELECT FROM safety_block b WHERE (b.member_id, b.other_id) IN ((viewer, other), (other, viewer)))
    ORDER BY f.strength DESC, f.steps, f.path LIMIT 1
$$;

CREATE FUNCTION trust_ring_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE trust_ringmember SET left_out = (NEW.state = 'left_out') WHERE ring_id = NEW.id AND left_out <> (NEW.state = 'left_out');
    RETURN NULL;
END $$;
CREATE TRIGGER trust_ring_decided AFTER UPDATE OF state ON trust_ring FOR EACH ROW EXECUTE FUNCTION trust_ring_decided();
CREATE FUNCTION trust_ring_member_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.left_out := (SELECT r.state = 'left_out' FROM trust_ring r WHERE r.id = NEW.ring_id);
    RETURN NEW;
END $$;
CREATE TRIGGER trust_ring_member_follows BEFORE INSERT OR UPDATE ON trust_ringmember
    FOR EACH ROW EXECUTE FUNCTION trust_ring_member_follows();
"""

BACKWARD = """
DROP TRIGGER trust_ring_member_follows ON trust_ringmember;
DROP FUNCTION trust_ring_member_follows();
DROP TRIGGER trust_ring_decided ON trust_ring;
DROP FUNCTION trust_ring_decided();
DROP FUNCTION trust_path(bigint, bigint, timestamptz);
"""


class Migration(migrations.Migration):
    dependencies = [("trust", "0006_rings")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
