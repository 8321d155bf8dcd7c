"""Nobody is asked without their standing consent, nor again too soon, however the row is written."""

from django.db import migrations

GUARD = """
CREATE FUNCTION spread_seed_asked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.asked_at IS NOT DISTINCT FROM NEW.asked_at THEN
        RETURN NEW;
    END IF;
    IF NEW.asked_at IS NULL THEN
        RETURN NEW;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('spread:' || NEW.member_id, 0));
    IF NOT EXISTS (SELECT FROM contact_permission WHERE member_id = NEW.member_id AND purpose = 'samples' AND granted) THEN
        RAISE EXCEPTION 'this member did not agree to be asked about samples' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT FROM spread_seed WHERE member_id = NEW.member_id AND id <> NEW.id AND asked_at > NEW.asked_at - interval '30 days'
                                         AND asked_at < NEW.asked_at + interval '30 days') THEN
        RAISE EXCEPTION 'this member was asked about a sample within thirty days' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER spread_seed_asked BEFORE INSERT OR UPDATE OF asked_at ON spread_seed FOR EACH ROW EXECUTE FUNCTION spread_seed_asked();

CREATE FUNCTION spread_call_asked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('spread:' || NEW.member_id, 0));
    IF NOT EXISTS (SELECT FROM contact_permission WHERE member_id = NEW.member_id AND purpose = 'leading' AND granted) THEN
        RAISE EXCEPTION 'this member did not agree to be asked about a station' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT FROM spread_call WHERE member_id = NEW.member_id AND id <> NEW.id AND asked_at > NEW.asked_at - interval '90 days') THEN
        RAISE EXCEPTION 'this member was asked about a station within ninety days' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER spread_call_asked BEFORE INSERT ON spread_call FOR EACH ROW EXECUTE FUNCTION spread_call_asked()
"""

UNDO = """
DROP TRIGGER spread_call_asked ON spread_call; DROP FUNCTION spread_call_asked();
DROP TRIGGER spread_seed_asked ON spread_seed; DROP FUNCTION spread_seed_asked()
"""


class Migration(migrations.Migration):
    dependencies = [("spread", "0001_initial"), ("contact", "0006_asked")]

    operations = [migrations.RunSQL(GUARD, UNDO)]
