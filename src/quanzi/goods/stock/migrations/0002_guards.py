"""The counter follows the facts, in the database itself.

A movement changes on_hand, a reservation changes reserved; the check constraint of the counter
decides whether there is enough. Nothing else may touch the counter, except to say what the facts say.
"""

from django.db import migrations

COUNTER = """
-- Keeps the counter beside the facts; also the proof that a repair is right.
CREATE FUNCTION stock_facts(p_sku bigint, OUT on_hand bigint, OUT reserved bigint) LANGUAGE sql STABLE AS $$
    SELECT (SELECT coalesce(sum(quantity), 0)::bigint FROM stock_movement WHERE sku_id = p_sku),
           (SELECT coalesce(sum(quantity), 0)::bigint FROM stock_reservation WHERE sku_id = p_sku AND state = 'live')
$$;

CREATE FUNCTION stock_guard_counter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.on_hand <> 0 OR OLD.reserved <> 0 THEN
            RAISE EXCEPTION 'stock of sku % is not empty and is never deleted', OLD.sku_id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN OLD;
    END IF;
    -- Depth 1 is a plain statement; deeper, a movement or a reservation is being applied.
    IF pg_trigger_depth() < 2 AND NOT EXISTS (
        SELECT FROM stock_facts(NEW.sku_id) AS facts
        WHERE facts.on_hand = NEW.on_hand AND facts.reserved = NEW.reserved) THEN
        RAISE EXCEPTION 'stock of sku % changes only by movements and reservations', NEW.sku_id
            USING ERRCODE = 'integrity_constraint_violation', HINT = 'stock.services.receive brings goods in';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stock_guard BEFORE INSERT OR UPDATE OR DELETE ON stock_stock
    FOR EACH ROW EXECUTE FUNCTION stock_guard_counter();
"""

MOVEMENTS = """
CREATE FUNCTION stock_guard_movement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sale stock_reservation%ROWTYPE;
    batch catalogue_lot%ROWTYPE;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'movement % is a fact and is never edited', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.reservation_id IS NOT NULL THEN
        -- The lock makes two returns of one sale wait for each other.
        SELECT * INTO sale FROM stock_reservation WHERE id = NEW.reservation_id FOR UPDATE;
        IF sale.sku_id <> NEW.sku_id OR sale.state <> 'consumed' THEN
            RAISE EXCEPTION 'movement % does not belong to goods that were handed over', NEW.key
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.kind = 'sold' AND NEW.quantity <> -sale.quantity THEN
            RAISE EXCEPTION 'movement % must take out what was reserved', NEW.key
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.kind = 'returned' AND NEW.quantity > sale.quantity - (
            SELECT coalesce(sum(quantity), 0) FROM stock_movement
            WHERE reservation_id = NEW.reservation_id AND kind = 'returned') THEN
            RAISE EXCEPTION 'movement % brings back more than was handed over', NEW.key
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    IF NEW.lot_id IS NOT NULL THEN
        SELECT * INTO batch FROM catalogue_lot WHERE id = NEW.lot_id FOR SHARE;
        IF batch.sku_id <> NEW.sku_id THEN
            RAISE EXCEPTION 'lot % is not of sku %', batch.code, NEW.sku_id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.kind = 'sold' AND (batch.recalled_at IS NOT NULL OR batch.expires_at <= NEW.moved_at) THEN
            RAISE EXCEPTION 'lot % is expired or recalled and cannot be handed over', batch.code
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stock_guard BEFORE INSERT OR UPDATE OR DELETE ON stock_movement
    FOR EACH ROW EXECUTE FUNCTION stock_guard_movement();

CREATE FUNCTION stock_apply_movements() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO stock_stock (sku_id, on_hand, reserved)
        SELECT DISTINCT sku_id, 0, 0 FROM fresh
        WHERE NOT EXISTS (SELECT FROM stock_stock AS known WHERE known.sku_id = fresh.sku_id)
        ORDER BY sku_id ON CONFLICT DO NOTHING;
    PERFORM FROM stock_stock WHERE sku_id IN (SELECT sku_id FROM fresh) ORDER BY sku_id FOR UPDATE;
    UPDATE stock_stock AS counter SET on_hand = counter.on_hand + change.quantity
        FROM (SELECT sku_id, sum(quantity)::bigint AS quantity FROM fresh GROUP BY sku_id) AS change
        WHERE change.sku_id = counter.sku_id;
    RETURN NULL;
END $$;
CREATE TRIGGER stock_apply AFTER INSERT ON stock_movement REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION stock_apply_movements();
"""

RESERVATIONS = """
CREATE FUNCTION stock_guard_reservation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'reservation % is a fact and is never deleted', OLD.ref
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'live' THEN
            RAISE EXCEPTION 'reservation % must begin live', NEW.ref
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.sku_id, NEW.ref, NEW.quantity) IS DISTINCT FROM (OLD.sku_id, OLD.ref, OLD.quantity) THEN
        RAISE EXCEPTION 'reservation %: what it holds is never edited', OLD.ref
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state <> 'live' AND NEW.state <> OLD.state THEN
        RAISE EXCEPTION 'reservation %: no move from % to %', OLD.ref, OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stock_guard BEFORE INSERT OR UPDATE OR DELETE ON stock_reservation
    FOR EACH ROW EXECUTE FUNCTION stock_guard_reservation();

CREATE FUNCTION stock_apply_reservations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO stock_stock (sku_id, on_hand, reserved)
        SELECT DISTINCT sku_id, 0, 0 FROM fresh
        WHERE NOT EXISTS (SELECT FROM stock_stock AS known WHERE known.sku_id = fresh.sku_id)
        ORDER BY sku_id ON CONFLICT DO NOTHING;
    PERFORM FROM stock_stock WHERE sku_id IN (SELECT sku_id FROM fresh) ORDER BY sku_id FOR UPDATE;
    UPDATE stock_stock AS counter SET reserved = counter.reserved + change.quantity
        FROM (SELECT sku_id, sum(quantity)::bigint AS quantity FROM fresh GROUP BY sku_id) AS change
        WHERE change.sku_id = counter.sku_id;
    RETURN NULL;
END $$;
CREATE TRIGGER stock_apply AFTER INSERT ON stock_reservation REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION stock_apply_reservations();

CREATE FUNCTION stock_end_reservations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM fresh JOIN former USING (id) WHERE fresh.state <> former.state) THEN
        RETURN NULL;  -- a new expiry changes no counter
    END IF;
    PERFORM FROM stock_stock WHERE sku_id IN (SELECT sku_id FROM fresh) ORDER BY sku_id FOR UPDATE;
    UPDATE stock_stock AS counter SET reserved = counter.reserved - change.quantity
        FROM (SELECT fresh.sku_id, sum(fresh.quantity)::bigint AS quantity
              FROM fresh JOIN former USING (id)
              WHERE former.state = 'live' AND fresh.state <> 'live' GROUP BY fresh.sku_id) AS change
        WHERE change.sku_id = counter.sku_id;
    RETURN NULL;
END $$;
CREATE TRIGGER stock_end AFTER UPDATE ON stock_reservation
    REFERENCING OLD TABLE AS former NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION stock_end_reservations();

CREATE FUNCTION stock_check_sold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM stock_movement WHERE reservation_id = NEW.id AND kind = 'sold') THEN
        RAISE EXCEPTION 'reservation % was handed over without a movement', NEW.ref
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER stock_sold AFTER UPDATE ON stock_reservation DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.state = 'consumed' AND OLD.state = 'live') EXECUTE FUNCTION stock_check_sold();
"""

RESERVE = """
-- Holds goods for every line or for none. Returns what is missing; no row means that all is held.
-- Those who come for the same goods queue at an advisory lock: 64 waiters at a row lock are seven times slower.
CREATE FUNCTION stock_reserve(
    p_skus bigint[], p_quantities bigint[], p_refs text[], p_expires_at timestamptz, p_now timestamptz
) RETURNS TABLE (missing_sku bigint, wanted bigint, free bigint) LANGUAGE plpgsql AS $$
DECLARE
    sku bigint;
BEGIN
    -- Whoever comes too late is told at once, without queueing behind those who still buy.
    RETURN QUERY SELECT * FROM stock_missing(p_skus, p_quantities);
    IF FOUND THEN
        RETURN;
    END IF;
    FOR sku IN SELECT DISTINCT one FROM unnest(p_skus) AS one ORDER BY one LOOP
        PERFORM pg_advisory_xact_lock(hashtextextended('stock', sku));
    END LOOP;
    PERFORM FROM stock_stock WHERE sku_id = ANY (p_skus) ORDER BY sku_id FOR UPDATE;
    RETURN QUERY SELECT * FROM stock_missing(p_skus, p_quantities);
    IF FOUND THEN
        RETURN;
    END IF;
    INSERT INTO stock_reservation (sku_id, ref, quantity, state, made_at, expires_at)
        SELECT line.sku, line.ref, line.quantity, 'live', p_now, p_expires_at
        FROM unnest(p_skus, p_quantities, p_refs) AS line (sku, quantity, ref) ORDER BY line.sku;
END $$;

CREATE FUNCTION stock_missing(p_skus bigint[], p_quantities bigint[])
RETURNS TABLE (missing_sku bigint, wanted bigint, free bigint) LANGUAGE sql VOLATILE AS $$
    SELECT line.sku, sum(line.quantity)::bigint, coalesce(max(counter.on_hand - counter.reserved), 0)::bigint
    FROM unnest(p_skus, p_quantities) AS line (sku, quantity)
    LEFT JOIN stock_stock AS counter ON counter.sku_id = line.sku
    GROUP BY line.sku
    HAVING coalesce(max(counter.on_hand - counter.reserved), 0) < sum(line.quantity)
    ORDER BY line.sku
$$;
"""

BACKWARD = """
DROP FUNCTION stock_reserve(bigint[], bigint[], text[], timestamptz, timestamptz);
DROP FUNCTION stock_missing(bigint[], bigint[]);
DROP TRIGGER stock_sold ON stock_reservation;
DROP FUNCTION stock_check_sold();
DROP TRIGGER stock_end ON stock_reservation;
DROP FUNCTION stock_end_reservations();
DROP TRIGGER stock_apply ON stock_reservation;
DROP FUNCTION stock_apply_reservations();
DROP TRIGGER stock_guard ON stock_reservation;
DROP FUNCTION stock_guard_reservation();
DROP TRIGGER stock_apply ON stock_movement;
DROP FUNCTION stock_apply_movements();
DROP TRIGGER stock_guard ON stock_movement;
DROP FUNCTION stock_guard_movement();
DROP TRIGGER stock_guard ON stock_stock;
DROP FUNCTION stock_guard_counter();
DROP FUNCTION stock_facts(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("stock", "0001_initial"), ("catalogue", "0002_guards")]

    operations = [migrations.RunSQL([COUNTER, MOVEMENTS, RESERVATIONS, RESERVE], [BACKWARD])]
