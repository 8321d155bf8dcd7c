"""The books cannot be emptied at once either."""

from django.db import migrations

TABLES = ["ledger_transaction", "ledger_entry", "ledger_link"]

GUARD = """
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_guards")]
    operations = [
        migrations.RunSQL(GUARD.format(table=table), f"DROP TRIGGER no_truncate ON {table};") for table in TABLES
    ]
