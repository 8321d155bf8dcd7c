"""A run brings loads to places where others hand over, beside orders to doors."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

OLD: str = import_module("quanzi.trade.fulfilment.migrations.0009_run_guards").FORWARD
BEFORE = OLD[: OLD.index("CREATE TRIGGER")].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
AFTER = BEFORE.replace(
    "(NEW.run_id, NEW.fulfilment_id)", "(NEW.run_id, NEW.fulfilment_id, NEW.point_id, NEW.ref)"
).replace("(OLD.run_id, OLD.fulfilment_id)", "(OLD.run_id, OLD.fulfilment_id, OLD.point_id, OLD.ref)")


class Migration(migrations.Migration):
    dependencies = [("fulfilment", "0012_drivers"), ("sales", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="stop",
            name="fulfilment",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="stops",
                to="fulfilment.fulfilment",
            ),
        ),
        migrations.AddField(
            model_name="stop",
            name="point",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="sales.pickuppoint",
            ),
        ),
        migrations.AddField(
            model_name="stop", name="ref", field=models.CharField(blank=True, db_default="", default="", max_length=40)
        ),
        migrations.AddConstraint(
            model_name="stop",
            constraint=models.UniqueConstraint(
                condition=models.Q(models.Q(("ref", ""), _negated=True), ("state__in", ["waiting", "arrived"])),
                fields=("ref",),
                name="stop_load_in_one_run",
            ),
        ),
        migrations.AddConstraint(
            model_name="stop",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ref", ""), _negated=True), fields=("run", "ref"), name="stop_load_once_in_run"
            ),
        ),
        migrations.AddConstraint(
            model_name="stop",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("fulfilment__isnull", False), ("point", None), ("ref", "")),
                    models.Q(("fulfilment", None), ("point__isnull", False), models.Q(("ref", ""), _negated=True)),
                    _connector="OR",
                ),
                name="stop_is_order_or_load",
            ),
        ),
        migrations.RunSQL(AFTER, BEFORE),
    ]
