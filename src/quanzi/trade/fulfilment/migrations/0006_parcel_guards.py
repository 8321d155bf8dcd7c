"""Parcels: no more is packed than was ordered, none leaves twice, and goods that are partly gone are not dropped.

Orders that were shipped before have one parcel with everything in it.
"""

from django.db import migrations

FULFILMENT = """
CREATE OR REPLACE FUNCTION fulfilment_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'fulfilment % is a record and is never deleted', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.order_id IS DISTINCT FROM OLD.order_id OR (NEW.state IS DISTINCT FROM OLD.state AND NOT (
           (OLD.state = 'waiting' AND NEW.state IN ('ready', {partly}'shipped', 'handed_over', 'cancelled'))
        OR (OLD.state = 'ready' AND NEW.state IN ('handed_over', 'cancelled'))
        OR (OLD.state = 'partly' AND NEW.state = 'shipped')
        OR (OLD.state = 'shipped' AND NEW.state = 'handed_over'))) THEN
        RAISE EXCEPTION 'fulfilment %: no move from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""

LOTS = """
CREATE OR REPLACE FUNCTION fulfilment_guard_lot() RETURNS trigger LANGUAGE plpgsql AS $$
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
    SELECT coalesce(sum(gone.quantity), 0) INTO given FROM fulfilment_linelot gone {parcels}
        WHERE gone.line_id = NEW.line_id{there};
    IF given + NEW.quantity > line.quantity OR NEW.quantity < 1 THEN
        RAISE EXCEPTION 'order line %: no more is handed over than was ordered', NEW.line_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""

PARCELS = """
CREATE FUNCTION fulfilment_guard_parcel() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'parcel % is a record and is never deleted', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.fulfilment_id, NEW.position) IS DISTINCT FROM (OLD.fulfilment_id, OLD.position)
       OR (NEW.state IS DISTINCT FROM OLD.state AND NOT (
           (OLD.state = 'packed' AND NEW.state IN ('shipped', 'unpacked'))
        OR (OLD.state = 'shipped' AND NEW.state IN ('arrived', 'came_back'))
        OR (OLD.state = 'arrived' AND NEW.state = 'came_back'))) THEN
        RAISE EXCEPTION 'parcel %: no move from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fulfilment_guard BEFORE UPDATE OR DELETE ON fulfilment_parcel FOR EACH ROW EXECUTE FUNCTION fulfilment_guard_parcel();

CREATE FUNCTION fulfilment_guard_packing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE line sales_orderline; packed bigint;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'what is in a parcel is never edited' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    -- Two who pack the same line come one after the other.
    SELECT * INTO line FROM sales_orderline WHERE id = NEW.line_id FOR UPDATE;
    IF line.dropped_at IS NOT NULL OR NOT EXISTS (
        SELECT FROM fulfilment_parcel p JOIN fulfilment_fulfilment f ON f.id = p.fulfilment_id
        WHERE p.id = NEW.parcel_id AND p.state = 'packed' AND f.order_id = line.order_id) THEN
        RAISE EXCEPTION 'order line % does not go into parcel %', NEW.line_id, NEW.parcel_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT coalesce(sum(l.quantity), 0) INTO packed FROM fulfilment_parcelline l JOIN fulfilment_parcel p ON p.id = l.parcel_id
        WHERE l.line_id = NEW.line_id AND p.state IN ('packed', 'shipped', 'arrived');
    IF packed + NEW.quantity > line.quantity THEN
        RAISE EXCEPTION 'order line %: no more is packed than was ordered', NEW.line_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fulfilment_guard BEFORE INSERT OR UPDATE OR DELETE ON fulfilment_parcelline
    FOR EACH ROW EXECUTE FUNCTION fulfilment_guard_packing();

CREATE FUNCTION fulfilment_guard_tracking() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what a carrier told is never edited' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER fulfilment_guard BEFORE UPDATE OR DELETE ON fulfilment_trackingevent
    FOR EACH ROW EXECUTE FUNCTION fulfilment_guard_tracking();

-- A line of which some is under way is not dropped: those units would be neither paid nor on the shelf. A box that still stands here is opened.
CREATE FUNCTION fulfilment_guard_drop() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM fulfilment_parcelline l JOIN fulfilment_parcel p ON p.id = l.parcel_id
               WHERE l.line_id = NEW.id AND p.state IN ('shipped', 'arrived')) THEN
        RAISE EXCEPTION 'order line %: some of it is under way', NEW.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    UPDATE fulfilment_parcel SET state = 'unpacked', ended_at = NEW.dropped_at
        WHERE state = 'packed' AND id IN (SELECT parcel_id FROM fulfilment_parcelline WHERE line_id = NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER fulfilment_drop AFTER UPDATE OF dropped_at ON sales_orderline FOR EACH ROW
    WHEN (OLD.dropped_at IS NULL AND NEW.dropped_at IS NOT NULL) EXECUTE FUNCTION fulfilment_guard_drop();
"""

BEFORE_NOW = """
INSERT INTO fulfilment_parcel (fulfilment_id, position, state, carrier, tracking, service, booking, carrier_says, packed_at, packed_by,
                               shipped_at, arrived_at)
    SELECT id, 1, CASE state WHEN 'shipped' THEN 'shipped' ELSE 'arrived' END, carrier, tracking, '', '', '', shipped_at, 'system',
           shipped_at, handed_over_at
    FROM fulfilment_fulfilment WHERE shipped_at IS NOT NULL AND state IN ('shipped', 'handed_over');
INSERT INTO fulfilment_parcelline (parcel_id, line_id, quantity)
    SELECT p.id, l.id, l.quantity FROM fulfilment_parcel p JOIN fulfilment_fulfilment f ON f.id = p.fulfilment_id
    JOIN sales_orderline l ON l.order_id = f.order_id AND l.handed_over_at IS NOT NULL;
"""

BACK = """
DROP TRIGGER fulfilment_drop ON sales_orderline;
DROP FUNCTION fulfilment_guard_drop();
DROP TRIGGER fulfilment_guard ON fulfilment_trackingevent;
DROP FUNCTION fulfilment_guard_tracking();
DROP TRIGGER fulfilment_guard ON fulfilment_parcelline;
DROP FUNCTION fulfilment_guard_packing();
DROP TRIGGER fulfilment_guard ON fulfilment_parcel;
DROP FUNCTION fulfilment_guard_parcel();
"""


class Migration(migrations.Migration):
    dependencies = [("fulfilment", "0005_parcels"), ("sales", "0006_under_a_promise")]

    operations = [
        migrations.RunSQL(BEFORE_NOW, migrations.RunSQL.noop),
        migrations.RunSQL(
            [
                FULFILMENT.format(partly="'partly', "),
                LOTS.format(
                    parcels="LEFT JOIN fulfilment_parcel p ON p.id = gone.parcel_id",
                    there=" AND p.state IS DISTINCT FROM 'came_back'",
                ),
                PARCELS,
            ],
            [BACK, LOTS.format(parcels="", there=""), FULFILMENT.format(partly="")],
        ),
    ]
