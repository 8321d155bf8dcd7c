"""A variant is back at the moment of the movement or of the end of the hold that freed it, not of the transaction.

The counter has no time of its own: what changes it leaves its moment in a setting of the transaction.
"""

from django.db import migrations

CHANGES = """
CREATE OR REPLACE FUNCTION stock_apply_movements() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO stock_stock (sku_id, on_hand, reserved)
        SELECT DISTINCT sku_id, 0, 0 FROM fresh
        WHERE NOT EXISTS (SELECT FROM stock_stock AS known WHERE known.sku_id = fresh.sku_id)
        ORDER BY sku_id ON CONFLICT DO NOTHING;
    PERFORM FROM stock_stock WHERE sku_id IN (SELECT sku_id FROM fresh) ORDER BY sku_id FOR UPDATE;
    {moved}UPDATE stock_stock AS counter SET on_hand = counter.on_hand + change.quantity
        FROM (SELECT sku_id, sum(quantity)::bigint AS quantity FROM fresh GROUP BY sku_id) AS change
        WHERE change.sku_id = counter.sku_id;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION stock_end_reservations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM fresh JOIN former USING (id) WHERE fresh.state <> former.state) THEN
        RETURN NULL;  -- a new expiry changes no counter
    END IF;
    PERFORM FROM stock_stock WHERE sku_id IN (SELECT sku_id FROM fresh) ORDER BY sku_id FOR UPDATE;
    {ended}UPDATE stock_stock AS counter SET reserved = counter.reserved - change.quantity
        FROM (SELECT fresh.sku_id, sum(fresh.quantity)::bigint AS quantity
              FROM fresh JOIN former USING (id)
              WHERE former.state = 'live' AND fresh.state <> 'live' GROUP BY fresh.sku_id) AS change
        WHERE change.sku_id = counter.sku_id;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION stock_announce_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO events_event (name, key, payload, occurred_at)
        VALUES ('stock.BackInStock', 'sku:' || NEW.sku_id, jsonb_build_object('sku_id', NEW.sku_id), {moment});
    RETURN NULL;
END $$;
"""

FORWARD = CHANGES.format(
    moved="PERFORM set_config('stock.moment', (SELECT max(moved_at) FROM fresh)::text, true);\n    ",
    ended="PERFORM set_config('stock.moment', (SELECT max(ended_at) FROM fresh)::text, true);\n    ",
    moment="coalesce(nullif(current_setting('stock.moment', true), '')::timestamptz, now())",
)
BACKWARD = CHANGES.format(moved="", ended="", moment="now()")


class Migration(migrations.Migration):
    dependencies = [("stock", "0004_turns")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
