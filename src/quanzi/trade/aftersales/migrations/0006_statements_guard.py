"""What a side said in a dispute is never changed."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION aftersales_guard_statement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was said in a dispute is never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER aftersales_guard BEFORE UPDATE OF dispute_id, side, words, said_at OR DELETE ON aftersales_statement
    FOR EACH ROW EXECUTE FUNCTION aftersales_guard_statement();
"""

BACKWARD = """
DROP TRIGGER aftersales_guard ON aftersales_statement;
DROP FUNCTION aftersales_guard_statement();
"""


class Migration(migrations.Migration):
    dependencies = [("aftersales", "0005_disputes")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
