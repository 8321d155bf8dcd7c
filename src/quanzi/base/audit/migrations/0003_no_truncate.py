"""The audit log cannot be emptied at once either."""

from django.db import migrations

GUARD = """
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON audit_auditentry
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [migrations.RunSQL(GUARD, "DROP TRIGGER no_truncate ON audit_auditentry;")]
