"""Fresh goods that nobody fetched have words of their own; a leader's part is in the currency that leaders are paid in."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION stations_guard_fresh() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was said about fresh goods is never edited' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER stations_guard BEFORE UPDATE OR DELETE ON stations_freshwait FOR EACH ROW EXECUTE FUNCTION stations_guard_fresh();
"""

BACKWARD = """
DROP TRIGGER stations_guard ON stations_freshwait;
DROP FUNCTION stations_guard_fresh();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("stations", "0004_leader_pay"),
        ("sales", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FreshWait",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("until", models.DateTimeField()),
                ("note", models.CharField(blank=True, max_length=200)),
                ("said_at", models.DateTimeField()),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="fresh_waits", to="sales.orderline"
                    ),
                ),
                (
                    "said_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["line", "-id"], name="fresh_wait_of_line")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("said_at"))), name="fresh_wait_is_to_come"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="roundgood",
            constraint=models.CheckConstraint(
                condition=models.Q(("leader_bp", 0), ("currency", "CNY"), _connector="OR"),
                name="round_good_leader_currency",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
