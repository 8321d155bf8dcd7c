"""Only staff who hand over, and members who said yes, are named driver of a run."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
-- Who was named before is asked: a yes is their own, and their runs open again with it.
INSERT INTO fulfilment_driver (member_id, invited_at, invited_by, ended_by)
SELECT r.driver_id, min(r.made_at), 'system', '' FROM fulfilment_run r JOIN accounts_member m ON m.id = r.driver_id
 WHERE m.is_active AND NOT (m.is_staff AND m.staff_role IN ('owner', 'operator', 'fulfilment')) AND r.state IN ('planned', 'under_way') GROUP BY r.driver_id;

CREATE FUNCTION fulfilment_may_drive(who bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM accounts_member WHERE id = who AND is_active AND is_staff
                      AND (is_superuser OR staff_role IN ('owner', 'operator', 'fulfilment')))
        OR EXISTS (SELECT 1 FROM fulfilment_driver d JOIN accounts_member m ON m.id = d.member_id
                    WHERE d.member_id = who AND m.is_active AND d.accepted_at IS NOT NULL AND d.ended_at IS NULL)
$$;

CREATE FUNCTION fulfilment_guard_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT fulfilment_may_drive(NEW.driver_id) THEN
        RAISE EXCEPTION 'run: member % has not agreed to drive', NEW.driver_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fulfilment_guard BEFORE INSERT OR UPDATE OF driver_id ON fulfilment_run FOR EACH ROW EXECUTE FUNCTION fulfilment_guard_run();

CREATE FUNCTION fulfilment_guard_driver() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.member_id, NEW.invited_at, NEW.invited_by) IS DISTINCT FROM (OLD.member_id, OLD.invited_at, OLD.invited_by)
       OR (OLD.accepted_at IS NOT NULL AND NEW.accepted_at IS DISTINCT FROM OLD.accepted_at)
       OR (OLD.ended_at IS NOT NULL AND (NEW.ended_at, NEW.accepted_at) IS DISTINCT FROM (OLD.ended_at, OLD.accepted_at)) THEN
        RAISE EXCEPTION 'driver %: a yes and its end are never edited', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fulfilment_guard BEFORE UPDATE ON fulfilment_driver FOR EACH ROW EXECUTE FUNCTION fulfilment_guard_driver();
"""

BACKWARD = """
DROP TRIGGER fulfilment_guard ON fulfilment_driver;
DROP FUNCTION fulfilment_guard_driver();
DROP TRIGGER fulfilment_guard ON fulfilment_run;
DROP FUNCTION fulfilment_guard_run();
DROP FUNCTION fulfilment_may_drive(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("fulfilment", "0011_returned_is_unpacked"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Driver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("invited_at", models.DateTimeField()),
                ("invited_by", models.CharField(max_length=80)),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, help_text="Declined, withdrawn, or given up", null=True)),
                ("ended_by", models.CharField(blank=True, max_length=80)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="driving", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("member",), name="driver_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_by", "")),
                            models.Q(("ended_at__isnull", False), models.Q(("ended_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="driver_ended_by_somebody",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
