"""What the database refuses of coupons: edited terms, one too many, two orders of one, a price without its coupon."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION rewards_guard_coupon() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'what was offered is a record and is never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF to_jsonb(NEW) - '{taken,ended_at}'::text[] IS DISTINCT FROM to_jsonb(OLD) - '{taken,ended_at}'::text[]
       OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at) THEN
        RAISE EXCEPTION 'coupon %: its terms are never edited', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.taken IS DISTINCT FROM OLD.taken AND pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'coupon %: what is taken is counted by the database', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rewards_guard BEFORE UPDATE OR DELETE ON rewards_coupon FOR EACH ROW EXECUTE FUNCTION rewards_guard_coupon();

CREATE FUNCTION rewards_guard_taken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a coupon that was taken is a record and is never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        UPDATE rewards_coupon SET taken = taken + 1
         WHERE id = NEW.coupon_id AND taken < most AND NEW.nth BETWEEN 1 AND each AND way = NEW.way AND ended_at IS NULL
           AND opens_at <= NEW.taken_at AND NEW.taken_at < closes_at;
        IF NOT FOUND OR NEW.order_id IS NOT NULL OR NEW.backs <> 0 THEN
            RAISE EXCEPTION 'coupon %: none is left for this member, now and in this way', NEW.coupon_id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.coupon_id, NEW.member_id, NEW.nth, NEW.way, NEW.given_by_id, NEW.taken_at)
        IS DISTINCT FROM (OLD.coupon_id, OLD.member_id, OLD.nth, OLD.way, OLD.given_by_id, OLD.taken_at) THEN
        RAISE EXCEPTION 'taken coupon %: whose it is is never edited', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.order_id IS NOT DISTINCT FROM OLD.order_id THEN
        IF (NEW.ends_at, NEW.backs) IS DISTINCT FROM (OLD.ends_at, OLD.backs) THEN
            RAISE EXCEPTION 'taken coupon %: its time changes only as it comes back', OLD.id USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.order_id IS NOT NULL AND (NEW.order_id IS NOT NULL OR NOT EXISTS (
        SELECT FROM sales_order o WHERE o.id = OLD.order_id AND (o.state IN ('cancelled', 'refunded') OR (
            o.state <> 'placed' AND NOT EXISTS (SELECT FROM sales_orderline l WHERE l.order_id = o.id AND l.refunded_minor < l.paid_minor))))) THEN
        RAISE EXCEPTION 'taken coupon %: a living order has it', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.order_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM sales_order o JOIN sales_adjustment a ON a.order_id = o.id AND a.source = 'coupon:' || NEW.id
         WHERE o.id = NEW.order_id AND o.member_id = NEW.member_id AND o.waits_for = ''
           AND (o.state = 'placed' OR (o.state = 'cancelled' AND o.end_reason = 'expired'))) THEN
        RAISE EXCEPTION 'taken coupon %: order % did not ask for it', NEW.id, NEW.order_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rewards_guard BEFORE INSERT OR UPDATE OR DELETE ON rewards_takencoupon FOR EACH ROW EXECUTE FUNCTION rewards_guard_taken();

-- At commit: a living order whose price a coupon made has it, and an order that ended has none.
CREATE FUNCTION rewards_check_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM sales_order WHERE id = NEW.order_id AND state NOT IN ('cancelled', 'refunded'))
       AND EXISTS (SELECT FROM sales_orderline WHERE order_id = NEW.order_id AND refunded_minor < paid_minor)
       AND NOT EXISTS (SELECT FROM rewards_takencoupon t WHERE t.order_id = NEW.order_id AND 'coupon:' || t.id = NEW.source) THEN
        RAISE EXCEPTION 'order %: the coupon that made its price is not with it', NEW.order_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER rewards_price AFTER INSERT ON sales_adjustment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (starts_with(NEW.source, 'coupon:')) EXECUTE FUNCTION rewards_check_price();

CREATE FUNCTION rewards_check_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM rewards_takencoupon t JOIN sales_order o ON o.id = t.order_id
                WHERE t.order_id = NEW.id AND o.state IN ('cancelled', 'refunded')) THEN
        RAISE EXCEPTION 'order %: it ended, and its coupon did not come back', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER rewards_back AFTER UPDATE OF state ON sales_order DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.state IN ('cancelled', 'refunded') AND NEW.discount_minor > 0 AND NEW.waits_for = '') EXECUTE FUNCTION rewards_check_back();
"""

BACKWARD = """
DROP TRIGGER rewards_back ON sales_order;
DROP FUNCTION rewards_check_back();
DROP TRIGGER rewards_price ON sales_adjustment;
DROP FUNCTION rewards_check_price();
DROP TRIGGER rewards_guard ON rewards_takencoupon;
DROP FUNCTION rewards_guard_taken();
DROP TRIGGER rewards_guard ON rewards_coupon;
DROP FUNCTION rewards_guard_coupon();
"""


class Migration(migrations.Migration):
    dependencies = [("rewards", "0001_initial"), ("sales", "0008_lowest_charged")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
