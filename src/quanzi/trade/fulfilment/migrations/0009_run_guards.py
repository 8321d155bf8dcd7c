"""A stop is done once: what was handed over or missed is never said otherwise afterwards."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION fulfilment_guard_stop() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.run_id, NEW.fulfilment_id) IS DISTINCT FROM (OLD.run_id, OLD.fulfilment_id)
       OR (NEW.state IS DISTINCT FROM OLD.state AND NOT (
           (OLD.state = 'waiting' AND NEW.state IN ('arrived', 'handed_over', 'missed', 'dropped'))
        OR (OLD.state = 'arrived' AND NEW.state IN ('handed_over', 'missed', 'dropped')))) THEN
        RAISE EXCEPTION 'stop %: what happened there is never edited', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fulfilment_guard BEFORE UPDATE OR DELETE ON fulfilment_stop FOR EACH ROW EXECUTE FUNCTION fulfilment_guard_stop();
"""

BACKWARD = """
DROP TRIGGER fulfilment_guard ON fulfilment_stop;
DROP FUNCTION fulfilment_guard_stop();
"""


class Migration(migrations.Migration):
    dependencies = [("fulfilment", "0008_runs")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
