"""Prices of brand days hold in every cart; no adjustment under a day's name takes off more than the day's price says."""

from django.db import migrations

CHECK = """
CREATE OR REPLACE FUNCTION launches_check_day_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM sales_order o JOIN sales_orderline s ON s.order_id = o.id AND s.id = NEW.line_id
                     JOIN launches_daygood g ON g.sku_id = s.sku_id JOIN launches_brandday d ON d.id = g.day_id AND 'day:' || d.id = NEW.source
                    WHERE o.id = NEW.order_id AND d.called_off_at IS NULL AND o.placed_at >= d.starts_at AND o.placed_at < d.ends_at{price}) THEN
        RAISE EXCEPTION 'order %: the price of % holds for its goods, in its hours', NEW.order_id, NEW.source USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""

EXACTLY = " AND NEW.amount_minor >= -(s.list_minor - g.price_minor) * s.quantity"

HOLD = """
INSERT INTO pricing_timedprice (sku_id, price_minor, starts_at, ends_at, source, label_zh, label_en)
SELECT g.sku_id, g.price_minor, d.starts_at, d.ends_at, 'day:' || d.id, left(d.title || ' · 专场价', 80), left('Brand day price: ' || d.title, 80)
  FROM launches_daygood g JOIN launches_brandday d ON d.id = g.day_id WHERE d.called_off_at IS NULL
"""

LET_GO = "DELETE FROM pricing_timedprice WHERE starts_with(source, 'day:')"


class Migration(migrations.Migration):
    dependencies = [("launches", "0007_records_emptied"), ("pricing", "0003_timed_price")]

    operations = [
        migrations.RunSQL(CHECK.format(price=EXACTLY), CHECK.format(price="")),
        migrations.RunSQL(HOLD, LET_GO),
    ]
