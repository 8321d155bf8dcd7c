"""Who receives goods from abroad says so to customs by name, before they leave; the name goes when it is not needed."""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION fulfilment_guard_customs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'shipped' AND OLD.state IS DISTINCT FROM 'shipped' AND EXISTS (
        SELECT 1 FROM fulfilment_parcelline pl JOIN sales_orderline l ON l.id = pl.line_id JOIN supply_importfacts i ON i.product_id = l.product_id
         WHERE pl.parcel_id = NEW.id AND i.must_declare
           AND NOT EXISTS (SELECT 1 FROM fulfilment_declaration d WHERE d.order_id = l.order_id)) THEN
        RAISE EXCEPTION 'parcel %: customs was told no name', NEW.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fulfilment_guard_customs BEFORE UPDATE OF state ON fulfilment_parcel FOR EACH ROW EXECUTE FUNCTION fulfilment_guard_customs();
"""

BACKWARD = """
DROP TRIGGER fulfilment_guard_customs ON fulfilment_parcel;
DROP FUNCTION fulfilment_guard_customs();
"""


class Migration(migrations.Migration):
    dependencies = [("fulfilment", "0013_loads"), ("sales", "0001_initial"), ("supply", "0003_papers")]

    operations = [
        migrations.CreateModel(
            name="Declaration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=40)),
                ("agreed_at", models.DateTimeField()),
                ("forgotten_at", models.DateTimeField(blank=True, null=True)),
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="declaration", to="sales.order"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("forgotten_at", None), models.Q(("name", ""), _negated=True)),
                            models.Q(("forgotten_at__isnull", False), ("name", "")),
                            _connector="OR",
                        ),
                        name="declaration_has_a_name_until_forgotten",
                    )
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
