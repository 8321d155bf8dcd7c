"""Words of a record go when their writer leaves for good; what was done, and when, stays."""

from django.db import migrations

GUARD = """
CREATE OR REPLACE FUNCTION launches_guard_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.piece_id, NEW.kind, NEW.by_maker, NEW.written_at)
        IS DISTINCT FROM (OLD.piece_id, OLD.kind, OLD.by_maker, OLD.written_at) OR ({words}) THEN
        RAISE EXCEPTION 'the record of piece % is never edited', OLD.piece_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""

FORWARD = GUARD.format(words="NEW.text NOT IN ('', '…') AND NEW.text <> OLD.text")
BACKWARD = GUARD.format(words="NEW.text <> OLD.text")


class Migration(migrations.Migration):
    dependencies = [("launches", "0006_piece_guards")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
