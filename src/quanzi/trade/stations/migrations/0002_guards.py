"""What the database refuses by itself: edited terms, orders after the cut-off, places beyond the limit, early release."""

from django.db import migrations

ROUNDS = """
CREATE FUNCTION stations_guard_round() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'round % is a record and is never deleted', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'open' THEN
            RAISE EXCEPTION 'a round begins open' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.opens_at, NEW.cut_off_at, NEW.pickup_from, NEW.pickup_until)
        IS DISTINCT FROM (OLD.opens_at, OLD.cut_off_at, OLD.pickup_from, OLD.pickup_until) THEN
        RAISE EXCEPTION 'round %: its times are never edited', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state IS DISTINCT FROM OLD.state THEN
        IF OLD.state <> 'open' OR NEW.state NOT IN ('closed', 'cancelled') THEN
            RAISE EXCEPTION 'round %: no move from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.state = 'closed' AND NEW.closed_at < NEW.cut_off_at THEN
            RAISE EXCEPTION 'round % is not cut off before its time', OLD.id USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stations_guard BEFORE INSERT OR UPDATE OR DELETE ON stations_round FOR EACH ROW EXECUTE FUNCTION stations_guard_round();

CREATE FUNCTION stations_guard_good() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE paid bigint;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'goods of a round are never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.taken <> 0 OR NEW.is_made IS NOT NULL
           OR NOT EXISTS (SELECT 1 FROM stations_round r WHERE r.id = NEW.round_id AND r.state = 'open') THEN
            RAISE EXCEPTION 'goods enter an open round, with nothing taken' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.round_id, NEW.sku_id, NEW.price_minor, NEW.currency, NEW.minimum, NEW.most, NEW.leader_bp)
        IS DISTINCT FROM (OLD.round_id, OLD.sku_id, OLD.price_minor, OLD.currency, OLD.minimum, OLD.most, OLD.leader_bp) THEN
        RAISE EXCEPTION 'goods of round %: the terms are never edited', OLD.round_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.is_made IS DISTINCT FROM OLD.is_made THEN
        IF OLD.is_made IS NOT NULL OR NOT EXISTS (SELECT 1 FROM stations_round r WHERE r.id = NEW.round_id AND r.state = 'closed') THEN
            RAISE EXCEPTION 'goods of round %: whether they come is decided once, at the cut-off', OLD.round_id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        SELECT coalesce(sum(l.quantity), 0) INTO paid
          FROM stations_stop p JOIN stations_entry e ON e.stop_id = p.id AND e.ended_at IS NULL
          JOIN sales_order o ON o.id = e.order_id AND o.state = 'paid'
          JOIN sales_orderline l ON l.order_id = o.id AND l.sku_id = NEW.sku_id AND l.dropped_at IS NULL
         WHERE p.round_id = NEW.round_id;
        IF NEW.is_made <> (paid > 0 AND paid >= NEW.minimum) THEN
            RAISE EXCEPTION 'goods of round %: % units are paid, % are needed', OLD.round_id, paid, NEW.minimum
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stations_guard BEFORE INSERT OR UPDATE OR DELETE ON stations_roundgood FOR EACH ROW EXECUTE FUNCTION stations_guard_good();
"""

ENTRIES = """
CREATE FUNCTION stations_guard_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a place in a round is a record and is never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.ended_at IS NOT NULL OR NEW.settled_at IS NOT NULL OR NOT EXISTS (
            SELECT 1 FROM stations_stop p JOIN stations_round r ON r.id = p.round_id JOIN stations_station s ON s.id = p.station_id
              JOIN sales_order o ON o.id = NEW.order_id
             WHERE p.id = NEW.stop_id AND r.state = 'open' AND r.opens_at <= NEW.entered_at AND NEW.entered_at < r.cut_off_at
               AND o.member_id = NEW.member_id AND o.waits_for = 'round:' || r.id AND o.pickup_point_id = s.point_id) THEN
            RAISE EXCEPTION 'a place is taken in an open round before its cut-off, by an order for one of its stations'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.stop_id, NEW.order_id, NEW.member_id, NEW.entered_at) IS DISTINCT FROM (OLD.stop_id, OLD.order_id, OLD.member_id, OLD.entered_at)
       OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at)
       OR (OLD.settled_at IS NOT NULL AND NEW.settled_at IS DISTINCT FROM OLD.settled_at) THEN
        RAISE EXCEPTION 'place %: whose it is, and how it ended, is never edited', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stations_guard BEFORE INSERT OR UPDATE OR DELETE ON stations_entry FOR EACH ROW EXECUTE FUNCTION stations_guard_entry();

CREATE FUNCTION stations_guard_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM stations_entry e JOIN stations_stop p ON p.id = e.stop_id JOIN stations_round r ON r.id = p.round_id
         WHERE e.order_id = NEW.id AND e.ended_at IS NULL AND r.state = 'closed' AND 'round:' || r.id = NEW.waits_for)
       OR EXISTS (
        SELECT 1 FROM stations_entry e JOIN stations_stop p ON p.id = e.stop_id
          JOIN sales_orderline l ON l.order_id = e.order_id AND l.dropped_at IS NULL
          LEFT JOIN stations_roundgood g ON g.round_id = p.round_id AND g.sku_id = l.sku_id
         WHERE e.order_id = NEW.id AND g.is_made IS NOT TRUE) THEN
        RAISE EXCEPTION 'order % is prepared after the cut-off of its round, and only with goods that come', NEW.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stations_guard_release BEFORE UPDATE OF released_at ON sales_order FOR EACH ROW
    WHEN (NEW.released_at IS NOT NULL AND OLD.released_at IS NULL AND starts_with(NEW.waits_for, 'round:'))
    EXECUTE FUNCTION stations_guard_release();
"""

# Checked when the transaction commits: counters and rows change in several statements of one transaction.
COUNTS = """
CREATE FUNCTION stations_check_counts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE the_round bigint;
BEGIN
    IF TG_TABLE_NAME = 'stations_entry' THEN
        SELECT round_id INTO the_round FROM stations_stop WHERE id = (to_jsonb(NEW)->>'stop_id')::bigint;
    ELSE
        the_round := (to_jsonb(NEW)->>'round_id')::bigint;
    END IF;
    IF EXISTS (SELECT 1 FROM stations_stop p WHERE p.round_id = the_round AND p.taken <> (
            SELECT count(*) FROM stations_entry e WHERE e.stop_id = p.id AND e.ended_at IS NULL))
       OR EXISTS (SELECT 1 FROM stations_roundgood g WHERE g.round_id = the_round AND g.taken <> (
            SELECT coalesce(sum(l.quantity), 0) FROM stations_stop p JOIN stations_entry e ON e.stop_id = p.id AND e.ended_at IS NULL
              JOIN sales_orderline l ON l.order_id = e.order_id AND l.sku_id = g.sku_id WHERE p.round_id = the_round)) THEN
        RAISE EXCEPTION 'round %: counted places are not the orders that live', the_round USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER stations_counts AFTER INSERT OR UPDATE OF ended_at ON stations_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION stations_check_counts();
CREATE CONSTRAINT TRIGGER stations_counts AFTER UPDATE OF taken ON stations_roundgood
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION stations_check_counts();
CREATE CONSTRAINT TRIGGER stations_counts AFTER UPDATE OF taken ON stations_stop
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION stations_check_counts();

CREATE FUNCTION stations_check_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM stations_entry e JOIN stations_stop p ON p.id = e.stop_id
                    WHERE e.order_id = NEW.order_id AND 'round:' || p.round_id = NEW.source) THEN
        RAISE EXCEPTION 'order %: the price of % belongs to orders of that round', NEW.order_id, NEW.source
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER stations_price AFTER INSERT ON sales_adjustment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (starts_with(NEW.source, 'round:')) EXECUTE FUNCTION stations_check_price();
"""

ARRIVALS = """
CREATE FUNCTION stations_guard_arrival() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a count at a station is a record and is never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM stations_stop p JOIN stations_round r ON r.id = p.round_id AND r.state = 'closed'
                     JOIN stations_roundgood g ON g.round_id = r.id JOIN catalogue_lot t ON t.id = NEW.lot_id AND t.sku_id = g.sku_id
                    WHERE p.id = NEW.stop_id) THEN
        RAISE EXCEPTION 'lot % is not of goods of a round that is cut off', NEW.lot_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stations_guard BEFORE INSERT OR UPDATE OR DELETE ON stations_arrival FOR EACH ROW EXECUTE FUNCTION stations_guard_arrival();

CREATE FUNCTION stations_guard_application() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.state IS DISTINCT FROM OLD.state AND (OLD.state <> 'asked' OR NEW.state NOT IN ('approved', 'declined'))
       OR TG_OP = 'INSERT' AND NEW.state <> 'asked' THEN
        RAISE EXCEPTION 'an application is asked, then decided once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stations_guard BEFORE INSERT OR UPDATE ON stations_stationapplication FOR EACH ROW EXECUTE FUNCTION stations_guard_application();
"""

BACKWARD = """
DROP TRIGGER stations_guard ON stations_stationapplication;
DROP TRIGGER stations_guard ON stations_arrival;
DROP TRIGGER stations_price ON sales_adjustment;
DROP TRIGGER stations_counts ON stations_stop;
DROP TRIGGER stations_counts ON stations_roundgood;
DROP TRIGGER stations_counts ON stations_entry;
DROP TRIGGER stations_guard_release ON sales_order;
DROP TRIGGER stations_guard ON stations_entry;
DROP TRIGGER stations_guard ON stations_roundgood;
DROP TRIGGER stations_guard ON stations_round;
DROP FUNCTION stations_guard_application();
DROP FUNCTION stations_guard_arrival();
DROP FUNCTION stations_check_price();
DROP FUNCTION stations_check_counts();
DROP FUNCTION stations_guard_release();
DROP FUNCTION stations_guard_entry();
DROP FUNCTION stations_guard_good();
DROP FUNCTION stations_guard_round();
"""


class Migration(migrations.Migration):
    dependencies = [("stations", "0001_initial"), ("sales", "0003_place_and_pay")]

    operations = [migrations.RunSQL(ROUNDS + ENTRIES + COUNTS + ARRIVALS, BACKWARD)]
