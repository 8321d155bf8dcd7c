"""A rule that was published is never changed or removed: people may have agreed to it."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION shop_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'published rules are never changed or removed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER shop_text_append_only BEFORE UPDATE OR DELETE ON shop_ruletext
FOR EACH ROW EXECUTE FUNCTION shop_refuse_change();
ALTER TABLE shop_ruletext ENABLE ALWAYS TRIGGER shop_text_append_only;
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON shop_ruletext
FOR EACH STATEMENT EXECUTE FUNCTION shop_refuse_change();
"""

APPEND_ONLY_BACK = """
DROP TRIGGER no_truncate ON shop_ruletext;
DROP TRIGGER shop_text_append_only ON shop_ruletext;
DROP FUNCTION shop_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [migrations.RunSQL(APPEND_ONLY, APPEND_ONLY_BACK)]
