"""Consents and their wordings are never edited; permissions follow the newest consent by themselves."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION contact_never_edited() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: a new decision or wording is a new row', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER contact_consent_append_only BEFORE UPDATE OR DELETE ON contact_consent
    FOR EACH ROW EXECUTE FUNCTION contact_never_edited();
CREATE TRIGGER contact_text_append_only BEFORE UPDATE OR DELETE ON contact_consenttext
    FOR EACH ROW EXECUTE FUNCTION contact_never_edited();

CREATE FUNCTION contact_apply_consent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO contact_permission (member_id, purpose, channel, granted, consent_id)
        VALUES (NEW.member_id, NEW.purpose, NEW.channel, NEW.granted, NEW.id)
        ON CONFLICT (member_id, purpose, channel)
        DO UPDATE SET granted = excluded.granted, consent_id = excluded.consent_id
        WHERE contact_permission.consent_id < excluded.consent_id;
    RETURN NULL;
END $$;
CREATE TRIGGER contact_consent_applies AFTER INSERT ON contact_consent
    FOR EACH ROW EXECUTE FUNCTION contact_apply_consent();

CREATE FUNCTION contact_guard_permission() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE newest contact_consent%ROWTYPE;
BEGIN
    SELECT * INTO newest FROM contact_consent c
        WHERE c.member_id = NEW.member_id AND c.purpose = NEW.purpose AND c.channel = NEW.channel
        ORDER BY c.id DESC LIMIT 1;
    IF newest.id IS NULL OR newest.id <> NEW.consent_id OR newest.granted <> NEW.granted THEN
        RAISE EXCEPTION 'permission of member % for % says something else than the newest consent',
            NEW.member_id, NEW.purpose USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contact_permission_follows BEFORE INSERT OR UPDATE ON contact_permission
    FOR EACH ROW EXECUTE FUNCTION contact_guard_permission();
"""

BACKWARD = """
DROP TRIGGER contact_permission_follows ON contact_permission;
DROP FUNCTION contact_guard_permission();
DROP TRIGGER contact_consent_applies ON contact_consent;
DROP FUNCTION contact_apply_consent();
DROP TRIGGER contact_text_append_only ON contact_consenttext;
DROP TRIGGER contact_consent_append_only ON contact_consent;
DROP FUNCTION contact_never_edited();
"""


class Migration(migrations.Migration):
    dependencies = [("contact", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
