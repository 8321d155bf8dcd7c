"""A member says between which hours of the day commercial messages show; the database holds whoever writes to it."""

from django.db import migrations, models
from django.db.models import F, Q

GUARD = """
CREATE FUNCTION leads_guard_hours() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM accounts_member WHERE id = NEW.recipient_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM leads_attention a WHERE a.member_id = NEW.recipient_id
            AND extract(hour FROM NEW.shows_at AT TIME ZONE 'Asia/Shanghai') NOT BETWEEN a.begins AND a.ends - 1) THEN
        PERFORM leads_refuse('leads_quiet', 'nothing shows outside the hours of its reader');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER leads_hours_guard BEFORE INSERT ON leads_approach FOR EACH ROW EXECUTE FUNCTION leads_guard_hours()
"""

UNDO = "DROP TRIGGER leads_hours_guard ON leads_approach; DROP FUNCTION leads_guard_hours()"


class Migration(migrations.Migration):
    dependencies = [("leads", "0003_updates")]

    operations = [
        migrations.AddField(
            model_name="attention", name="begins", field=models.PositiveSmallIntegerField(default=9, db_default=9)
        ),
        migrations.AddField(
            model_name="attention", name="ends", field=models.PositiveSmallIntegerField(default=21, db_default=21)
        ),
        migrations.AddConstraint(
            model_name="attention",
            constraint=models.CheckConstraint(
                condition=Q(begins__gte=9, ends__lte=21, ends__gt=F("begins")), name="attention_by_day"
            ),
        ),
        migrations.RunSQL(GUARD, UNDO),
    ]
