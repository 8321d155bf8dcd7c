"""What the database refuses by itself: edited terms, a lot that does not follow from its seed, turns out of order, too much for one."""

from django.db import migrations

LAUNCHES = """
-- What decides a place in the lot; the same as rules.ticket_of.
CREATE FUNCTION launches_ticket(p_seed text, p_code text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(sha256(convert_to(p_seed || ':' || p_code, 'UTF8')), 'hex') COLLATE "C"
$$;

CREATE FUNCTION launches_guard_launch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'launch % is a record and is never deleted', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'planned' OR NEW.taken <> 0 OR NEW.seed <> '' OR NEW.held <> NEW.units THEN
            RAISE EXCEPTION 'a launch begins planned, with its goods set aside and its seed sealed' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.code, NEW.sku_id, NEW.price_minor, NEW.currency, NEW.units, NEW.limit_each, NEW.entry_opens_at, NEW.starts_at, NEW.ends_at, NEW.turn_minutes, NEW.seed_hash)
        IS DISTINCT FROM (OLD.code, OLD.sku_id, OLD.price_minor, OLD.currency, OLD.units, OLD.limit_each, OLD.entry_opens_at, OLD.starts_at, OLD.ends_at, OLD.turn_minutes, OLD.seed_hash) THEN
        RAISE EXCEPTION 'launch %: its terms are never edited', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.seed IS DISTINCT FROM OLD.seed AND (OLD.seed <> '' OR encode(sha256(convert_to(NEW.seed, 'UTF8')), 'hex') <> NEW.seed_hash OR NEW.drawn_at < NEW.starts_at) THEN
        RAISE EXCEPTION 'launch %: the seed is the one that was sealed, and is told at the start', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state IS DISTINCT FROM OLD.state AND NOT (
           OLD.state = 'planned' AND NEW.state = 'selling' AND NEW.drawn_at IS NOT NULL
        OR OLD.state = 'planned' AND NEW.state = 'called_off'
        OR OLD.state = 'selling' AND NEW.state IN ('over', 'called_off')) THEN
        RAISE EXCEPTION 'launch %: no move from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER launches_guard BEFORE INSERT OR UPDATE OR DELETE ON launches_launch FOR EACH ROW EXECUTE FUNCTION launches_guard_launch();

CREATE FUNCTION launches_check_lot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM launches_place p WHERE p.launch_id = NEW.id AND p.state = 'waiting' AND p.position IS NULL)
       OR EXISTS (SELECT 1 FROM (
            SELECT p.position, row_number() OVER (ORDER BY launches_ticket(NEW.seed, p.code), p.code COLLATE "C") AS drawn
              FROM launches_place p WHERE p.launch_id = NEW.id AND p.position IS NOT NULL AND p.entered_at < NEW.starts_at) lot
            WHERE lot.position <> lot.drawn) THEN
        RAISE EXCEPTION 'launch %: the places are not those of its seed', NEW.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER launches_lot AFTER UPDATE OF seed ON launches_launch
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.seed <> OLD.seed) EXECUTE FUNCTION launches_check_lot();
"""

PLACES = """
CREATE FUNCTION launches_guard_place() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE l launches_launch%ROWTYPE;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a place in a queue is a record and is never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT * INTO l FROM launches_launch WHERE id = NEW.launch_id;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'waiting' OR NEW.granted <> 0 OR NEW.wanted > l.limit_each
           OR NEW.entered_at < l.entry_opens_at OR NEW.entered_at >= l.ends_at OR l.state NOT IN ('planned', 'selling')
           OR (NEW.position IS NULL) <> (l.state = 'planned') OR (NEW.position IS NOT NULL AND (NEW.entered_at < l.starts_at OR NEW.position <= (
                SELECT coalesce(max(position), 0) FROM launches_place WHERE launch_id = NEW.launch_id))) THEN
            RAISE EXCEPTION 'a place is taken while entry is open: before the start for the lot, later behind everybody, within the limit for one'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.launch_id, NEW.member_id, NEW.code, NEW.wanted, NEW.entered_at) IS DISTINCT FROM (OLD.launch_id, OLD.member_id, OLD.code, OLD.wanted, OLD.entered_at)
       OR (OLD.position IS NOT NULL AND NEW.position IS DISTINCT FROM OLD.position)
       OR (OLD.order_id IS NOT NULL AND NEW.order_id IS DISTINCT FROM OLD.order_id) THEN
        RAISE EXCEPTION 'place %: whose it is, and where, is never edited', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state IS DISTINCT FROM OLD.state AND NOT (
           OLD.state = 'waiting' AND NEW.state IN ('turn', 'left', 'unserved')
        OR OLD.state = 'turn' AND NEW.state IN ('ordered', 'passed', 'left', 'unserved')
        OR OLD.state = 'ordered' AND NEW.state = 'ended') THEN
        RAISE EXCEPTION 'place %: no move from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'passed' AND OLD.state = 'turn' AND NEW.ended_at < OLD.turn_until THEN
        RAISE EXCEPTION 'place %: a turn is not taken away before its end', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'ordered' AND OLD.state = 'turn' AND (NEW.granted > OLD.granted OR NOT EXISTS (
        SELECT 1 FROM sales_order o WHERE o.id = NEW.order_id AND o.member_id = NEW.member_id AND o.waits_for = 'launch:' || NEW.launch_id
           AND o.placed_at >= OLD.turn_from AND o.placed_at < OLD.turn_until
           AND NEW.granted = (SELECT sum(quantity) FROM sales_orderline s WHERE s.order_id = o.id)
           AND NOT EXISTS (SELECT 1 FROM sales_orderline s WHERE s.order_id = o.id AND s.sku_id <> l.sku_id))) THEN
        RAISE EXCEPTION 'place %: a turn becomes an order of its own member, in time and within what was granted', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER launches_guard BEFORE INSERT OR UPDATE OR DELETE ON launches_place FOR EACH ROW EXECUTE FUNCTION launches_guard_place();

-- Looks after the whole statement: several people may be let in by one.
CREATE FUNCTION launches_check_turns() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM fresh JOIN former USING (id) JOIN launches_place w ON w.launch_id = fresh.launch_id AND w.state = 'waiting' AND w.position < fresh.position
                WHERE fresh.state = 'turn' AND former.state = 'waiting') THEN
        RAISE EXCEPTION 'turns are given in the order of the queue' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER launches_turns AFTER UPDATE ON launches_place REFERENCING OLD TABLE AS former NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION launches_check_turns();
"""

# Checked when the transaction commits: counters and rows change in several statements of one transaction.
COUNTS = """
CREATE FUNCTION launches_check_counts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    the_launch bigint := CASE WHEN TG_TABLE_NAME = 'launches_place' THEN (to_jsonb(NEW)->>'launch_id')::bigint ELSE (to_jsonb(NEW)->>'id')::bigint END;
    l launches_launch%ROWTYPE;
    living bigint;
    ordered bigint;
BEGIN
    SELECT * INTO l FROM launches_launch WHERE id = the_launch;
    SELECT coalesce(sum(granted) FILTER (WHERE state IN ('turn', 'ordered')), 0), coalesce(sum(granted) FILTER (WHERE state = 'ordered'), 0)
      INTO living, ordered FROM launches_place WHERE launch_id = the_launch;
    IF l.taken <> living OR l.held <> (CASE WHEN l.state IN ('planned', 'selling') THEN l.units - ordered ELSE 0 END) THEN
        RAISE EXCEPTION 'launch %: counted units are not those of its turns and orders', the_launch USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER launches_counts AFTER UPDATE OF state, granted ON launches_place
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.granted > 0 OR OLD.granted > 0) EXECUTE FUNCTION launches_check_counts();
CREATE CONSTRAINT TRIGGER launches_counts AFTER UPDATE OF taken, held, state ON launches_launch
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION launches_check_counts();
"""

ORDERS = """
CREATE FUNCTION launches_check_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM launches_place p WHERE p.order_id = NEW.order_id AND 'launch:' || p.launch_id = NEW.source) THEN
        RAISE EXCEPTION 'order %: the price of % belongs to orders of its turns', NEW.order_id, NEW.source USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER launches_price AFTER INSERT ON sales_adjustment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (starts_with(NEW.source, 'launch:')) EXECUTE FUNCTION launches_check_order();

CREATE FUNCTION launches_guard_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM launches_place p WHERE p.order_id = NEW.id AND p.state = 'ordered' AND 'launch:' || p.launch_id = NEW.waits_for) THEN
        RAISE EXCEPTION 'order % has no place in its launch', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER launches_guard_release BEFORE UPDATE OF released_at ON sales_order FOR EACH ROW
    WHEN (NEW.released_at IS NOT NULL AND OLD.released_at IS NULL AND starts_with(NEW.waits_for, 'launch:'))
    EXECUTE FUNCTION launches_guard_release();
"""

BACKWARD = """
DROP TRIGGER launches_guard_release ON sales_order;
DROP TRIGGER launches_price ON sales_adjustment;
DROP TRIGGER launches_counts ON launches_launch;
DROP TRIGGER launches_counts ON launches_place;
DROP TRIGGER launches_turns ON launches_place;
DROP TRIGGER launches_guard ON launches_place;
DROP TRIGGER launches_lot ON launches_launch;
DROP TRIGGER launches_guard ON launches_launch;
DROP FUNCTION launches_guard_release();
DROP FUNCTION launches_check_order();
DROP FUNCTION launches_check_counts();
DROP FUNCTION launches_check_turns();
DROP FUNCTION launches_guard_place();
DROP FUNCTION launches_check_lot();
DROP FUNCTION launches_guard_launch();
DROP FUNCTION launches_ticket(text, text);
"""


class Migration(migrations.Migration):
    dependencies = [("launches", "0001_initial"), ("sales", "0003_place_and_pay")]

    operations = [migrations.RunSQL(LAUNCHES + PLACES + COUNTS + ORDERS, BACKWARD)]
