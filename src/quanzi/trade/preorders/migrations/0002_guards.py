"""What the database refuses by itself: edited terms, places nobody paid for, batches beyond their numbers, a date nobody was asked about."""

from django.db import migrations

BATCHES = """
CREATE FUNCTION preorders_guard_preorder() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'preorder % is a record and is never deleted', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'open' OR NEW.taken <> 0 THEN
            RAISE EXCEPTION 'a preorder begins open, with nothing taken' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.product_id, NEW.threshold, NEW.most, NEW.limit_each, NEW.opens_at, NEW.closes_at, NEW.balance_days)
        IS DISTINCT FROM (OLD.product_id, OLD.threshold, OLD.most, OLD.limit_each, OLD.opens_at, OLD.closes_at, OLD.balance_days)
       OR (OLD.balance_from IS NOT NULL AND (NEW.balance_from, NEW.balance_until) IS DISTINCT FROM (OLD.balance_from, OLD.balance_until)) THEN
        RAISE EXCEPTION 'preorder %: its terms are never edited', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.promised_on <> OLD.promised_on AND NOT EXISTS (
        SELECT 1 FROM preorders_datechange c WHERE c.preorder_id = NEW.id AND c.before = OLD.promised_on AND c.after = NEW.promised_on) THEN
        RAISE EXCEPTION 'preorder %: another date is asked about first', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state IS DISTINCT FROM OLD.state THEN
        IF NOT ((OLD.state = 'open' AND NEW.state IN ('made', 'missed', 'called_off'))
                OR (OLD.state = 'made' AND NEW.state IN ('done', 'called_off'))) THEN
            RAISE EXCEPTION 'preorder %: no move from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF (NEW.state = 'made' AND NEW.taken < NEW.threshold)
           OR (NEW.state = 'missed' AND (NEW.taken >= NEW.threshold OR NEW.decided_at < NEW.closes_at)) THEN
            RAISE EXCEPTION 'preorder %: % units are paid for and % are needed', OLD.id, NEW.taken, NEW.threshold
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER preorders_guard BEFORE INSERT OR UPDATE OR DELETE ON preorders_preorder
    FOR EACH ROW EXECUTE FUNCTION preorders_guard_preorder();

CREATE FUNCTION preorders_guard_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is a record and is never edited', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER preorders_guard BEFORE UPDATE OR DELETE ON preorders_preordergood FOR EACH ROW EXECUTE FUNCTION preorders_guard_record();
CREATE TRIGGER preorders_guard BEFORE UPDATE OR DELETE ON preorders_news FOR EACH ROW EXECUTE FUNCTION preorders_guard_record();
CREATE TRIGGER preorders_guard BEFORE UPDATE OR DELETE ON preorders_datechange FOR EACH ROW EXECUTE FUNCTION preorders_guard_record();
CREATE TRIGGER preorders_guard BEFORE DELETE ON preorders_answer FOR EACH ROW EXECUTE FUNCTION preorders_guard_record();

CREATE FUNCTION preorders_guard_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.agrees IS NOT NULL
       OR TG_OP = 'UPDATE' AND (OLD.agrees IS NOT NULL OR (NEW.change_id, NEW.place_id) IS DISTINCT FROM (OLD.change_id, OLD.place_id)) THEN
        RAISE EXCEPTION 'another date is asked about, then answered once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER preorders_once BEFORE INSERT OR UPDATE ON preorders_answer FOR EACH ROW EXECUTE FUNCTION preorders_guard_answer();
"""

PLACES = """
CREATE FUNCTION preorders_guard_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a place in a preorder is a record and is never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'asked' OR NOT EXISTS (
            SELECT 1 FROM preorders_preorder p JOIN preorders_preordergood g ON g.preorder_id = p.id AND g.id = NEW.good_id
             WHERE p.id = NEW.preorder_id AND p.state = 'open' AND p.opens_at <= NEW.asked_at AND NEW.asked_at < p.closes_at
               AND NEW.quantity <= p.limit_each AND NEW.currency = g.currency AND NEW.deposit_minor = g.deposit_minor * NEW.quantity) THEN
            RAISE EXCEPTION 'a place is asked for while deposits are taken, at what was said' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.preorder_id, NEW.good_id, NEW.member_id, NEW.quantity, NEW.deposit_minor, NEW.currency, NEW.asked_at)
        IS DISTINCT FROM (OLD.preorder_id, OLD.good_id, OLD.member_id, OLD.quantity, OLD.deposit_minor, OLD.currency, OLD.asked_at)
       OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at) THEN
        RAISE EXCEPTION 'place %: what was agreed, and how it ended, is never edited', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state IS DISTINCT FROM OLD.state AND NOT (
           (OLD.state = 'asked' AND NEW.state IN ('held', 'gone'))
        OR (OLD.state = 'held' AND NEW.state IN ('settled', 'returned'))
        OR (OLD.state = 'settled' AND NEW.state = 'returned')) THEN
        RAISE EXCEPTION 'place %: no move from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER preorders_guard BEFORE INSERT OR UPDATE OR DELETE ON preorders_place
    FOR EACH ROW EXECUTE FUNCTION preorders_guard_place();

-- At commit: a place that counts has its deposit, one that went back has nothing left here, and the batch counts what is there.
CREATE FUNCTION preorders_check_place() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    place preorders_place;
BEGIN
    SELECT * INTO place FROM preorders_place WHERE id = NEW.id;
    IF place.state IN ('held', 'settled', 'returned') AND NOT EXISTS (
        SELECT 1 FROM payments_payment m WHERE m.payable_kind = 'deposit' AND m.payable_id = place.id AND m.state = 'captured'
           AND NOT m.surplus AND m.amount_minor = place.deposit_minor AND m.currency = place.currency AND m.member_id = place.member_id
           AND (place.state <> 'returned' OR m.refunded_minor = m.amount_minor)) THEN
        RAISE EXCEPTION 'place % is % and its deposit does not say so', place.id, place.state USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF place.state = 'settled' AND NOT EXISTS (
        SELECT 1 FROM sales_order o JOIN sales_ordercredit c ON c.order_id = o.id AND c.ended_at IS NULL
         WHERE o.id = place.order_id AND o.member_id = place.member_id AND o.waits_for = 'preorder:' || place.preorder_id
           AND o.state NOT IN ('placed', 'cancelled')) THEN
        RAISE EXCEPTION 'place % is paid in full, and no order says so', place.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER preorders_paid AFTER UPDATE OF state ON preorders_place DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION preorders_check_place();

CREATE FUNCTION preorders_check_count() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    the_preorder bigint := CASE TG_TABLE_NAME WHEN 'preorders_place' THEN (to_jsonb(NEW)->>'preorder_id')::bigint ELSE NEW.id END;
BEGIN
    IF EXISTS (SELECT 1 FROM preorders_preorder p WHERE p.id = the_preorder AND p.taken <> (
            SELECT coalesce(sum(l.quantity), 0) FROM preorders_place l WHERE l.preorder_id = p.id AND l.state IN ('held', 'settled'))) THEN
        RAISE EXCEPTION 'preorder %: counted units are not those that are paid for', the_preorder USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER preorders_counts AFTER UPDATE OF state ON preorders_place DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION preorders_check_count();
CREATE CONSTRAINT TRIGGER preorders_counts AFTER UPDATE OF taken ON preorders_preorder DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION preorders_check_count();
"""

ORDERS = """
CREATE FUNCTION preorders_guard_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM preorders_place l WHERE l.order_id = NEW.id AND l.state = 'settled') THEN
        RAISE EXCEPTION 'order % is prepared with a place that is paid in full', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER preorders_guard_release BEFORE UPDATE OF released_at ON sales_order FOR EACH ROW
    WHEN (NEW.released_at IS NOT NULL AND OLD.released_at IS NULL AND starts_with(NEW.waits_for, 'preorder:'))
    EXECUTE FUNCTION preorders_guard_release();

CREATE FUNCTION preorders_check_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM sales_ordercredit c JOIN payments_payment m ON m.id = c.payment_id AND m.payable_kind = 'deposit'
                     JOIN preorders_place l ON l.id = m.payable_id AND 'preorder:' || l.preorder_id = NEW.source
                    WHERE c.order_id = NEW.order_id) THEN
        RAISE EXCEPTION 'order %: the price of % belongs to places of that preorder', NEW.order_id, NEW.source
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER preorders_price AFTER INSERT ON sales_adjustment DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (starts_with(NEW.source, 'preorder:')) EXECUTE FUNCTION preorders_check_price();
"""

BACKWARD = """
DROP TRIGGER preorders_price ON sales_adjustment;
DROP FUNCTION preorders_check_price();
DROP TRIGGER preorders_guard_release ON sales_order;
DROP FUNCTION preorders_guard_release();
DROP TRIGGER preorders_counts ON preorders_preorder;
DROP TRIGGER preorders_counts ON preorders_place;
DROP FUNCTION preorders_check_count();
DROP TRIGGER preorders_paid ON preorders_place;
DROP FUNCTION preorders_check_place();
DROP TRIGGER preorders_guard ON preorders_place;
DROP FUNCTION preorders_guard_place();
DROP TRIGGER preorders_once ON preorders_answer;
DROP FUNCTION preorders_guard_answer();
DROP TRIGGER preorders_guard ON preorders_answer;
DROP TRIGGER preorders_guard ON preorders_datechange;
DROP TRIGGER preorders_guard ON preorders_news;
DROP TRIGGER preorders_guard ON preorders_preordergood;
DROP FUNCTION preorders_guard_record();
DROP TRIGGER preorders_guard ON preorders_preorder;
DROP FUNCTION preorders_guard_preorder();
"""


class Migration(migrations.Migration):
    dependencies = [("preorders", "0001_initial"), ("sales", "0007_paid_ahead")]

    operations = [migrations.RunSQL([BATCHES, PLACES, ORDERS], [BACKWARD])]
