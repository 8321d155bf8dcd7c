"""A line that is returned leaves no more: the box in which it was packed again, after it came back, is opened."""

from django.db import migrations

RETURNED = """
CREATE FUNCTION fulfilment_guard_return() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE fulfilment_parcel SET state = 'unpacked', ended_at = NEW.returned_at
        WHERE state = 'packed' AND id IN (SELECT parcel_id FROM fulfilment_parcelline WHERE line_id = NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER fulfilment_return AFTER UPDATE OF returned_at ON sales_orderline FOR EACH ROW
    WHEN (OLD.returned_at IS NULL AND NEW.returned_at IS NOT NULL) EXECUTE FUNCTION fulfilment_guard_return();
"""

BEFORE_NOW = """
UPDATE fulfilment_parcel p SET state = 'unpacked', ended_at = l.returned_at
    FROM fulfilment_parcelline i JOIN sales_orderline l ON l.id = i.line_id
    WHERE p.state = 'packed' AND i.parcel_id = p.id AND l.returned_at IS NOT NULL;
"""

BACK = """
DROP TRIGGER fulfilment_return ON sales_orderline;
DROP FUNCTION fulfilment_guard_return();
"""


class Migration(migrations.Migration):
    dependencies = [("fulfilment", "0010_longer_words"), ("sales", "0006_under_a_promise")]

    operations = [
        migrations.RunSQL(BEFORE_NOW, migrations.RunSQL.noop),
        migrations.RunSQL(RETURNED, BACK),
    ]
