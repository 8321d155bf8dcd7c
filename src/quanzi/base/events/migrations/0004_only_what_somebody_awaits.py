"""Wake the dispatcher only for events that wait for a consumer, and let SQL functions of other rooms record events.

A NOTIFY makes commits queue for the whole database, so an event that nobody answers must not cause one.
"""

from django.db import migrations

WAKE = """
DROP TRIGGER events_wake ON events_event;
CREATE TRIGGER events_wake AFTER INSERT ON events_event FOR EACH ROW WHEN (NEW.delivered_at IS NULL)
    EXECUTE FUNCTION events_wake();
"""

WAKE_BACK = """
DROP TRIGGER events_wake ON events_event;
CREATE TRIGGER events_wake AFTER INSERT ON events_event FOR EACH STATEMENT EXECUTE FUNCTION events_wake();
"""

# What base.events.services.record does, for a stored function; p_is_awaited: whether somebody answers it.
RECORD = """
CREATE FUNCTION events_record(
    p_name text, p_key text, p_payload jsonb, p_occurred_at timestamptz, p_is_awaited boolean
) RETURNS void LANGUAGE sql AS $$
    INSERT INTO events_event (name, key, payload, occurred_at, delivered_at)
    VALUES (p_name, p_key, p_payload, p_occurred_at, CASE WHEN NOT p_is_awaited THEN p_occurred_at END)
$$;
"""

RECORD_BACK = """
DROP FUNCTION events_record(text, text, jsonb, timestamptz, boolean);
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0003_recorded_at")]
    operations = [migrations.RunSQL(WAKE, WAKE_BACK), migrations.RunSQL(RECORD, RECORD_BACK)]
