"""Whatever frees the first unit of a variant (goods received, counted, returned, let go) announces that it is back.

The counter is the one place through which all of these come, and it stands in the database; so does this.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION stock_announce_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO events_event (name, key, payload, occurred_at)
        VALUES ('stock.BackInStock', 'sku:' || NEW.sku_id, jsonb_build_object('sku_id', NEW.sku_id), now());
    RETURN NULL;
END $$;
CREATE TRIGGER stock_back AFTER UPDATE ON stock_stock FOR EACH ROW
    WHEN (OLD.on_hand - OLD.reserved <= 0 AND NEW.on_hand - NEW.reserved > 0)
    EXECUTE FUNCTION stock_announce_back();
"""

BACKWARD = """
DROP TRIGGER stock_back ON stock_stock;
DROP FUNCTION stock_announce_back();
"""


class Migration(migrations.Migration):
    dependencies = [("stock", "0002_guards"), ("events", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
