"""What was written behind a closed door stays behind it, however the row of the circle is changed."""

from django.db import migrations

DOOR = """
CREATE FUNCTION circles_keep_door() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM circles_membership m
               WHERE m.circle_id = NEW.id AND m.joined_at IS NOT NULL AND m.member_id <> NEW.founder_id) THEN
        RAISE EXCEPTION 'circle % has been joined behind a closed door, which is not opened', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER circles_keep_door BEFORE UPDATE ON circles_circle FOR EACH ROW
WHEN (OLD.admission <> 'open' AND NEW.admission = 'open') EXECUTE FUNCTION circles_keep_door();
"""

BACK = """
DROP TRIGGER circles_keep_door ON circles_circle;
DROP FUNCTION circles_keep_door();
"""


class Migration(migrations.Migration):
    dependencies = [("circles", "0001_initial")]
    operations = [migrations.RunSQL(DOOR, BACK)]
