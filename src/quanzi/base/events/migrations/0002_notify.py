"""Wake the dispatcher when events are committed, and keep what was announced as it was."""

from django.db import migrations

NOTIFY = """
CREATE FUNCTION events_wake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('quanzi_outbox', '');
    RETURN NULL;
END $$;
CREATE TRIGGER events_wake AFTER INSERT ON events_event FOR EACH STATEMENT EXECUTE FUNCTION events_wake();

CREATE FUNCTION events_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an event keeps its name, key and payload' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER events_keep BEFORE UPDATE ON events_event FOR EACH ROW
WHEN ((OLD.name, OLD.key, OLD.payload, OLD.occurred_at) IS DISTINCT FROM
      (NEW.name, NEW.key, NEW.payload, NEW.occurred_at))
EXECUTE FUNCTION events_keep();
"""

NOTIFY_BACK = """
DROP TRIGGER events_keep ON events_event;
DROP FUNCTION events_keep();
DROP TRIGGER events_wake ON events_event;
DROP FUNCTION events_wake();
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]
    operations = [migrations.RunSQL(NOTIFY, NOTIFY_BACK)]
