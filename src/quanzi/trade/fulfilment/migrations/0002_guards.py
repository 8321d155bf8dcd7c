"""What the database refuses by itself: expired or recalled lots, more than was ordered, a hand-over done twice."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION fulfilment_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'fulfilment % is a record and is never deleted', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.order_id IS DISTINCT FROM OLD.order_id OR (NEW.state IS DISTINCT FROM OLD.state AND NOT (
           (OLD.state = 'waiting' AND NEW.state IN ('ready', 'shipped', 'handed_over', 'cancelled'))
        OR (OLD.state = 'ready' AND NEW.state IN ('handed_over', 'cancelled'))
        OR (OLD.state = 'shipped' AND NEW.state = 'handed_over'))) THEN
        RAISE EXCEPTION 'fulfilment %: no move from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fulfilment_guard BEFORE UPDATE OR DELETE ON fulfilment_fulfilment FOR EACH ROW EXECUTE FUNCTION fulfilment_guard();

CREATE FUNCTION fulfilment_guard_lot() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE lot catalogue_lot; line sales_orderline; given bigint;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'which lot was handed over is never edited' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    -- Locked, so that a recall and a hand-over at the same moment come one after the other.
    SELECT * INTO lot FROM catalogue_lot WHERE id = NEW.lot_id FOR SHARE;
    SELECT * INTO line FROM sales_orderline WHERE id = NEW.line_id FOR UPDATE;
    IF lot.recalled_at IS NOT NULL THEN
        RAISE EXCEPTION 'lot % is recalled and cannot be handed over', lot.code USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF lot.expires_at <= NEW.handed_over_at THEN
        RAISE EXCEPTION 'lot % is past its expiry and cannot be handed over', lot.code USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF lot.sku_id IS DISTINCT FROM line.sku_id
       OR NOT EXISTS (SELECT 1 FROM fulfilment_fulfilment f WHERE f.id = NEW.fulfilment_id AND f.order_id = line.order_id) THEN
        RAISE EXCEPTION 'lot % does not belong to order line %', lot.code, NEW.line_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT coalesce(sum(quantity), 0) INTO given FROM fulfilment_linelot WHERE line_id = NEW.line_id;
    IF given + NEW.quantity > line.quantity OR NEW.quantity < 1 THEN
        RAISE EXCEPTION 'order line %: no more is handed over than was ordered', NEW.line_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fulfilment_guard BEFORE INSERT OR UPDATE OR DELETE ON fulfilment_linelot FOR EACH ROW EXECUTE FUNCTION fulfilment_guard_lot();
"""

BACKWARD = """
DROP TRIGGER fulfilment_guard ON fulfilment_linelot;
DROP FUNCTION fulfilment_guard_lot();
DROP TRIGGER fulfilment_guard ON fulfilment_fulfilment;
DROP FUNCTION fulfilment_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("fulfilment", "0001_initial"), ("sales", "0002_guards")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
