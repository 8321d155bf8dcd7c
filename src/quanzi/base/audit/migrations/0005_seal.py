"""Every row of the audit log is chained to the one before when it commits, however it was written."""

from django.db import migrations

CANONICAL = """
CREATE VIEW audit_canonical AS
SELECT e.id AS entry_id, jsonb_build_array(
    e.id, (extract(epoch FROM e.at) * 1000000)::bigint, e.actor_id, e.actor_label, e.action, e.target, e.before, e.after,
    e.ip, e.request_id, e.session
)::text AS body
FROM audit_auditentry e;

CREATE FUNCTION audit_hash(prev_hash text, body text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT encode(sha256(convert_to(prev_hash || E'\\n' || body, 'UTF8')), 'hex') $$;
"""

CANONICAL_BACK = """
DROP FUNCTION audit_hash(text, text);
DROP VIEW audit_canonical;
"""

# The lock is the one that the books' seal takes (ledger 0002): one commit may seal both, in any order, and two locks
# taken in different orders would wait for each other. It is held to the end of the commit, so the chain has no forks.
SEAL = """
CREATE FUNCTION audit_link_row(entry bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    last audit_auditlink%ROWTYPE;
BEGIN
    SELECT * INTO last FROM audit_auditlink ORDER BY seq DESC LIMIT 1;
    INSERT INTO audit_auditlink (entry_id, seq, prev_hash, hash)
    SELECT entry, coalesce(last.seq, 0) + 1, coalesce(last.hash, repeat('0', 64)),
           audit_hash(coalesce(last.hash, repeat('0', 64)), c.body)
    FROM audit_canonical c WHERE c.entry_id = entry;
END $$;

CREATE FUNCTION audit_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(4201, 1);
    PERFORM audit_link_row(NEW.id);
    RETURN NULL;
END $$;

DO $$
DECLARE
    row record;
BEGIN
    FOR row IN SELECT id FROM audit_auditentry ORDER BY id LOOP
        PERFORM audit_link_row(row.id);
    END LOOP;
END $$;

SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

CREATE CONSTRAINT TRIGGER audit_seal AFTER INSERT ON audit_auditentry
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_seal();
"""

SEAL_BACK = """
DROP TRIGGER audit_seal ON audit_auditentry;
DROP FUNCTION audit_seal();
DROP FUNCTION audit_link_row(bigint);
"""

GUARD = """
CREATE FUNCTION audit_link_by_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'only sealing an audit row writes its link' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_link_by_seal BEFORE INSERT ON audit_auditlink
FOR EACH ROW EXECUTE FUNCTION audit_link_by_seal();
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_auditlink
FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON audit_auditlink
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
ALTER TABLE audit_auditlink ENABLE ALWAYS TRIGGER audit_append_only;
"""

GUARD_BACK = """
DROP TRIGGER no_truncate ON audit_auditlink;
DROP TRIGGER audit_append_only ON audit_auditlink;
DROP TRIGGER audit_link_by_seal ON audit_auditlink;
DROP FUNCTION audit_link_by_seal();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_chain")]
    operations = [
        migrations.RunSQL(CANONICAL, CANONICAL_BACK),
        migrations.RunSQL(SEAL, SEAL_BACK),
        migrations.RunSQL(GUARD, GUARD_BACK),
    ]
