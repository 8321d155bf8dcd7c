"""What is handed over is held until it leaves the shelf, so the free number never jumps in between; and few left is announced.

Before, the hold ended first and the goods left a statement later: sold-out goods looked free for that moment, and "back" was announced.
`low_at` is the number of free units at which the staff want to hear; 0 for never.
"""

from django.db import migrations, models
from django.db.migrations.operations.base import Operation

CHANGES = """
CREATE OR REPLACE FUNCTION stock_apply_movements() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO stock_stock (sku_id, on_hand, reserved)
        SELECT DISTINCT sku_id, 0, 0 FROM fresh
        WHERE NOT EXISTS (SELECT FROM stock_stock AS known WHERE known.sku_id = fresh.sku_id)
        ORDER BY sku_id ON CONFLICT DO NOTHING;
    PERFORM FROM stock_stock WHERE sku_id IN (SELECT sku_id FROM fresh) ORDER BY sku_id FOR UPDATE;
    PERFORM set_config('stock.moment', (SELECT max(moved_at) FROM fresh)::text, true);
    UPDATE stock_stock AS counter SET on_hand = counter.on_hand + change.quantity{and_the_hold}
        FROM (SELECT sku_id, sum(quantity)::bigint AS quantity{sold}
              FROM fresh GROUP BY sku_id) AS change
        WHERE change.sku_id = counter.sku_id;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION stock_apply_reservations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO stock_stock (sku_id, on_hand, reserved)
        SELECT DISTINCT sku_id, 0, 0 FROM fresh
        WHERE NOT EXISTS (SELECT FROM stock_stock AS known WHERE known.sku_id = fresh.sku_id)
        ORDER BY sku_id ON CONFLICT DO NOTHING;
    PERFORM FROM stock_stock WHERE sku_id IN (SELECT sku_id FROM fresh) ORDER BY sku_id FOR UPDATE;
    {made}UPDATE stock_stock AS counter SET reserved = counter.reserved + change.quantity
        FROM (SELECT sku_id, sum(quantity)::bigint AS quantity FROM fresh GROUP BY sku_id) AS change
        WHERE change.sku_id = counter.sku_id;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION stock_end_reservations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM fresh JOIN former USING (id) WHERE former.state = 'live' AND {ended}) THEN
        RETURN NULL;  -- a new expiry changes no counter
    END IF;
    PERFORM FROM stock_stock WHERE sku_id IN (SELECT sku_id FROM fresh) ORDER BY sku_id FOR UPDATE;
    PERFORM set_config('stock.moment', (SELECT max(ended_at) FROM fresh)::text, true);
    UPDATE stock_stock AS counter SET reserved = counter.reserved - change.quantity
        FROM (SELECT fresh.sku_id, sum(fresh.quantity)::bigint AS quantity
              FROM fresh JOIN former USING (id)
              WHERE former.state = 'live' AND {ended} GROUP BY fresh.sku_id) AS change
        WHERE change.sku_id = counter.sku_id;
    RETURN NULL;
END $$;
"""

FORWARD = (
    CHANGES.format(
        and_the_hold=", reserved = counter.reserved + change.sold",
        sold=", coalesce(sum(quantity) FILTER (WHERE kind = 'sold'), 0)::bigint AS sold",
        made="PERFORM set_config('stock.moment', (SELECT max(made_at) FROM fresh)::text, true);\n    ",
        ended="fresh.state = 'released'",
    )
    + """
CREATE FUNCTION stock_announce_low() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO events_event (name, key, payload, occurred_at) VALUES ('stock.StockLow', 'sku:' || NEW.sku_id,
        jsonb_build_object('sku_id', NEW.sku_id, 'free', NEW.on_hand - NEW.reserved, 'low_at', NEW.low_at),
        coalesce(nullif(current_setting('stock.moment', true), '')::timestamptz, now()));
    RETURN NULL;
END $$;
CREATE TRIGGER stock_low AFTER UPDATE ON stock_stock FOR EACH ROW
    WHEN (OLD.on_hand - OLD.reserved > NEW.low_at AND NEW.on_hand - NEW.reserved <= NEW.low_at AND NEW.low_at > 0)
    EXECUTE FUNCTION stock_announce_low();
"""
)
BACKWARD = """
DROP TRIGGER stock_low ON stock_stock;
DROP FUNCTION stock_announce_low();
""" + CHANGES.format(and_the_hold="", sold="", made="", ended="fresh.state <> 'live'")


class Migration(migrations.Migration):
    dependencies = [("stock", "0005_moment_of_return")]

    operations: list[Operation] = [
        migrations.AddField(
            "stock",
            "low_at",
            models.PositiveIntegerField(db_default=5, default=5, help_text="Announced at so many free units; 0: never"),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
