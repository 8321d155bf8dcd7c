"""Goods of a round may be ordered first and bought after; that is a term, never edited."""

from importlib import import_module

from django.db import migrations, models

ROUNDS: str = import_module("quanzi.trade.stations.migrations.0002_guards").ROUNDS
FROM = ROUNDS.index("CREATE FUNCTION stations_guard_good")
BEFORE = ROUNDS[FROM : ROUNDS.index("CREATE TRIGGER", FROM)].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
AFTER = BEFORE.replace("NEW.leader_bp)", "NEW.leader_bp, NEW.comes_later)").replace(
    "OLD.leader_bp)", "OLD.leader_bp, OLD.comes_later)"
)


class Migration(migrations.Migration):
    dependencies = [("stations", "0002_guards"), ("stock", "0008_promises")]

    operations = [
        migrations.AddField(
            model_name="roundgood",
            name="comes_later",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Ordered first, bought after the cut-off: nothing needs to be on the shelf",
            ),
        ),
        migrations.RunSQL(AFTER, BEFORE),
    ]
