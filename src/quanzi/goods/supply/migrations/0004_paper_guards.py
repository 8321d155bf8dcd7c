"""A paper is never edited: a wrong one is withdrawn."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION supply_guard_paper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.product_id, NEW.lot_id, NEW.kind, NEW.number, NEW.issuer, NEW.issued_on, NEW.valid_until)
           IS DISTINCT FROM (OLD.product_id, OLD.lot_id, OLD.kind, OLD.number, OLD.issuer, OLD.issued_on, OLD.valid_until)
       OR (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at)
       OR (OLD.checked_at IS NOT NULL AND NEW.checked_at IS DISTINCT FROM OLD.checked_at) THEN
        RAISE EXCEPTION 'paper % is filed and never edited', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER supply_guard BEFORE UPDATE OR DELETE ON supply_paper FOR EACH ROW EXECUTE FUNCTION supply_guard_paper();
"""

BACKWARD = """
DROP TRIGGER supply_guard ON supply_paper;
DROP FUNCTION supply_guard_paper();
"""


class Migration(migrations.Migration):
    dependencies = [("supply", "0003_papers")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
