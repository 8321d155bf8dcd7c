"""Goods that customs asks about leave by no way without the buyer's name: pickup and the shop's own runs too."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION fulfilment_guard_customs_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.handed_over_at IS NOT NULL AND OLD.handed_over_at IS NULL
       AND EXISTS (SELECT FROM supply_importfacts i WHERE i.product_id = NEW.product_id AND i.must_declare)
       AND NOT EXISTS (SELECT FROM fulfilment_declaration d WHERE d.order_id = NEW.order_id) THEN
        RAISE EXCEPTION 'order line %: customs was told no name', NEW.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fulfilment_guard_customs BEFORE UPDATE OF handed_over_at ON sales_orderline
    FOR EACH ROW EXECUTE FUNCTION fulfilment_guard_customs_line();
"""

BACKWARD = """
DROP TRIGGER fulfilment_guard_customs ON sales_orderline;
DROP FUNCTION fulfilment_guard_customs_line();
"""


class Migration(migrations.Migration):
    dependencies = [("fulfilment", "0014_customs"), ("sales", "0008_lowest_charged"), ("supply", "0003_papers")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
