"""A rule of commission is never edited: it ends, and another is written. What somebody earned points to what was said."""

from typing import ClassVar

from django.db import migrations

GUARD = """
CREATE FUNCTION commission_rule_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a rule of commission is ended, not deleted' USING ERRCODE = 'check_violation';
    END IF;
    IF (to_jsonb(NEW) - 'ends_at') <> (to_jsonb(OLD) - 'ends_at') OR (NEW.ends_at IS NULL AND OLD.ends_at IS NOT NULL)
       OR NEW.ends_at > OLD.ends_at THEN
        RAISE EXCEPTION 'a rule of commission only ends, and only earlier' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER commission_rule_stands BEFORE UPDATE OR DELETE ON commission_commissionrule
    FOR EACH ROW EXECUTE FUNCTION commission_rule_stands();
"""

UNDO = "DROP TRIGGER commission_rule_stands ON commission_commissionrule; DROP FUNCTION commission_rule_stands();"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("commission", "0004_payout_guards")]
    operations: ClassVar = [migrations.RunSQL(GUARD, UNDO)]
