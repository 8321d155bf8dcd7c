"""A letter to a device needs the consent of the person it is for; the words of the two new purposes."""

from datetime import UTC, datetime

from django.db import migrations

FORWARD = """
CREATE FUNCTION contact_guard_push() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM contact_notice notice
        JOIN contact_device device ON device.id = NEW.device_id AND device.member_id = notice.member_id
        JOIN contact_permission allowed ON allowed.member_id = notice.member_id
            AND allowed.purpose = NEW.purpose AND allowed.channel = 'push' AND allowed.granted
        WHERE notice.id = NEW.notice_id) THEN
        RAISE EXCEPTION 'notice % may not reach device %: its member does not allow % there',
            NEW.notice_id, NEW.device_id, NEW.purpose USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contact_push_allowed BEFORE INSERT OR UPDATE OF notice_id, device_id, purpose ON contact_push
    FOR EACH ROW EXECUTE FUNCTION contact_guard_push();
"""

BACKWARD = """
DROP TRIGGER contact_push_allowed ON contact_push;
DROP FUNCTION contact_guard_push();
"""

PUBLISHED_AT = datetime(2026, 1, 1, tzinfo=UTC)

TEXTS = {
    "affairs": (
        "我的订单、拼团和关系有变化时，在我开启的设备上通知我，就算圈子没打开。取货码不会出现在锁屏上。随时可以关掉。",
        "Tell me on the devices that I switched on when something happens to my orders, teams and ties, also while the shop is closed. Pickup codes never stand on a locked screen. I can switch it off at any time.",
    ),
    "restock": (
        "我等的商品到货时，在我开启的设备上通知我。每次到货只通知一次。随时可以关掉。",
        "Tell me on the devices that I switched on when goods that I asked about are back, once for each time. I can switch it off at any time.",
    ),
}


def publish(apps, schema_editor):
    text = apps.get_model("contact", "ConsentText")
    for purpose, (text_zh, text_en) in TEXTS.items():
        text.objects.create(purpose=purpose, version=1, text_zh=text_zh, text_en=text_en, published_at=PUBLISHED_AT)


def withdraw(apps, schema_editor):
    """Only a house in which nobody agreed may forget the words: the guard is lifted for this one statement."""
    schema_editor.execute("ALTER TABLE contact_consenttext DISABLE TRIGGER contact_text_append_only")
    schema_editor.execute("DELETE FROM contact_consenttext WHERE purpose IN ('affairs', 'restock')")
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    schema_editor.execute("ALTER TABLE contact_consenttext ENABLE TRIGGER contact_text_append_only")


class Migration(migrations.Migration):
    dependencies = [("contact", "0004_devices")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD), migrations.RunPython(publish, withdraw)]
