"""A lot may be paused: until it is released, no row that lets it go is accepted (triggers where such rows are written)."""

from django.db import migrations, models

FORWARD = """
-- For rows with a lot_id. The lot is locked, so that a pause and a hand-over at the same moment come one after the other.
CREATE FUNCTION catalogue_refuse_paused() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE stopped timestamptz;
BEGIN
    SELECT paused_at INTO stopped FROM catalogue_lot WHERE id = NEW.lot_id FOR SHARE;
    IF stopped IS NOT NULL THEN
        RAISE EXCEPTION 'lot % is paused and cannot be handed over', NEW.lot_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""

BACKWARD = "DROP FUNCTION catalogue_refuse_paused();"


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0007_given_up_for_this_purchase")]

    operations = [
        migrations.AddField("lot", "paused_at", models.DateTimeField(blank=True, null=True)),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
