"""Rows say who acted by number, never by name: they outlive erased members. Names of before are replaced and the chain is closed anew."""

from django.db import migrations

# Only where a name stands. The one time that sealed rows change, since a name can leave no other way.
UNNAME = """
DO $$
DECLARE
    row record;
BEGIN
    IF NOT EXISTS (SELECT FROM audit_auditentry WHERE actor_id IS NOT NULL AND actor_label NOT IN ('staff:' || actor_id, 'member:' || actor_id)) THEN
        RETURN;
    END IF;
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
    ALTER TABLE audit_auditentry DISABLE TRIGGER audit_append_only;
    ALTER TABLE audit_auditlink DISABLE TRIGGER audit_append_only;
    ALTER TABLE audit_auditlink DISABLE TRIGGER audit_link_by_seal;
    UPDATE audit_auditentry SET actor_label = 'member:' || actor_id
        WHERE actor_id IS NOT NULL AND actor_label NOT IN ('staff:' || actor_id, 'member:' || actor_id);
    DELETE FROM audit_auditlink;
    FOR row IN SELECT id FROM audit_auditentry ORDER BY id LOOP
        PERFORM audit_link_row(row.id);
    END LOOP;
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
    ALTER TABLE audit_auditlink ENABLE TRIGGER audit_link_by_seal;
    ALTER TABLE audit_auditlink ENABLE ALWAYS TRIGGER audit_append_only;
    ALTER TABLE audit_auditentry ENABLE ALWAYS TRIGGER audit_append_only;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0005_seal")]
    operations = [migrations.RunSQL(UNNAME, migrations.RunSQL.noop)]
