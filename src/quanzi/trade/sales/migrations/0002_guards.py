"""What the database refuses by itself: unlawful moves, edited amounts, refunds beyond what was paid, kept goods nobody paid for."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION sales_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER sales_append_only BEFORE UPDATE OR DELETE ON sales_ordermove FOR EACH ROW EXECUTE FUNCTION sales_refuse();
CREATE TRIGGER sales_append_only BEFORE UPDATE OR DELETE ON sales_adjustment FOR EACH ROW EXECUTE FUNCTION sales_refuse();
CREATE TRIGGER sales_append_only BEFORE UPDATE OR DELETE ON sales_orderrefund FOR EACH ROW EXECUTE FUNCTION sales_refuse();
CREATE TRIGGER sales_append_only BEFORE UPDATE OR DELETE ON sales_refundpart FOR EACH ROW EXECUTE FUNCTION sales_refuse();
"""

UNREFUSE = """
DROP TRIGGER sales_append_only ON sales_refundpart;
DROP TRIGGER sales_append_only ON sales_orderrefund;
DROP TRIGGER sales_append_only ON sales_adjustment;
DROP TRIGGER sales_append_only ON sales_ordermove;
DROP FUNCTION sales_refuse();
"""

ORDER = """
CREATE FUNCTION sales_guard_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'order % is a record of trade and is never deleted', OLD.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'placed' OR NEW.refunded_minor <> 0 OR NEW.freight_refunded_minor <> 0 THEN
            RAISE EXCEPTION 'order % must begin as placed', NEW.number USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.number, NEW.member_id, NEW.currency, NEW.goods_minor, NEW.freight_minor, NEW.discount_minor, NEW.amount_minor, NEW.origin, NEW.placed_at)
        IS DISTINCT FROM
       (OLD.number, OLD.member_id, OLD.currency, OLD.goods_minor, OLD.freight_minor, OLD.discount_minor, OLD.amount_minor, OLD.origin, OLD.placed_at) THEN
        RAISE EXCEPTION 'order %: what was agreed is never edited', OLD.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.refunded_minor, NEW.freight_refunded_minor) IS DISTINCT FROM (OLD.refunded_minor, OLD.freight_refunded_minor)
       AND pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'order %: refunds are counted from refund parts only', OLD.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state IS DISTINCT FROM OLD.state AND NOT (
           (OLD.state = 'placed' AND NEW.state IN ('paid', 'cancelled'))
        OR (OLD.state = 'cancelled' AND NEW.state = 'paid' AND OLD.end_reason = 'expired')
        OR (OLD.state = 'paid' AND NEW.state IN ('handed_over', 'refunded'))
        OR (OLD.state = 'handed_over' AND NEW.state IN ('received', 'refunded'))
        OR (OLD.state = 'received' AND NEW.state IN ('completed', 'refunded'))
        OR (OLD.state = 'completed' AND NEW.state = 'refunded')) THEN
        RAISE EXCEPTION 'order %: no move from % to %', OLD.number, OLD.state, NEW.state USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sales_guard BEFORE INSERT OR UPDATE OR DELETE ON sales_order FOR EACH ROW EXECUTE FUNCTION sales_guard_order();

CREATE FUNCTION sales_log_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO sales_ordermove (order_id, before, after, cause, actor, moved_at)
    VALUES (NEW.id, CASE TG_OP WHEN 'INSERT' THEN '' ELSE OLD.state END, NEW.state, NEW.move_cause, NEW.moved_by, NEW.moved_at);
    RETURN NULL;
END $$;
CREATE TRIGGER sales_log_birth AFTER INSERT ON sales_order FOR EACH ROW EXECUTE FUNCTION sales_log_move();
CREATE TRIGGER sales_log_move AFTER UPDATE OF state ON sales_order FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION sales_log_move();

CREATE FUNCTION sales_guard_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'the log of moves is written by the database alone' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sales_guard BEFORE INSERT ON sales_ordermove FOR EACH ROW EXECUTE FUNCTION sales_guard_move();

-- At commit: an order beyond "placed" has exactly its amount captured in one payment of its own.
CREATE FUNCTION sales_check_paid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM payments_payment p
                   WHERE p.payable_kind = 'order' AND p.payable_id = NEW.id AND p.state = 'captured' AND NOT p.surplus
                     AND p.amount_minor = NEW.amount_minor AND p.currency = NEW.currency) THEN
        RAISE EXCEPTION 'order %: no captured payment of % stands behind it', NEW.number, NEW.amount_minor
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER sales_paid_by_a_payment AFTER UPDATE OF state ON sales_order DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.state = 'paid' AND OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION sales_check_paid();
"""

UNORDER = """
DROP TRIGGER sales_paid_by_a_payment ON sales_order;
DROP FUNCTION sales_check_paid();
DROP TRIGGER sales_guard ON sales_ordermove;
DROP FUNCTION sales_guard_move();
DROP TRIGGER sales_log_move ON sales_order;
DROP TRIGGER sales_log_birth ON sales_order;
DROP FUNCTION sales_log_move();
DROP TRIGGER sales_guard ON sales_order;
DROP FUNCTION sales_guard_order();
"""

LINE = """
CREATE FUNCTION sales_guard_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'order line % is a record of trade and is never deleted', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.order_id, NEW.sku_id, NEW.product_id, NEW.member_id, NEW.quantity, NEW.list_minor, NEW.unit_minor, NEW.paid_minor)
            IS DISTINCT FROM
           (OLD.order_id, OLD.sku_id, OLD.product_id, OLD.member_id, OLD.quantity, OLD.list_minor, OLD.unit_minor, OLD.paid_minor) THEN
            RAISE EXCEPTION 'order line %: what was agreed is never edited', OLD.id USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.refunded_minor IS DISTINCT FROM OLD.refunded_minor AND pg_trigger_depth() < 2 THEN
            RAISE EXCEPTION 'order line %: refunds are counted from refund parts only', OLD.id USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF OLD.handed_over_at IS NOT NULL AND (NEW.handed_over_at, NEW.lot_id) IS DISTINCT FROM (OLD.handed_over_at, OLD.lot_id) THEN
            RAISE EXCEPTION 'order line %: a hand-over is not undone', OLD.id USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF NEW.refunded_minor <> 0 THEN
        RAISE EXCEPTION 'an order line begins without refunds' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.handed_over_at IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.handed_over_at IS NULL) THEN
        IF NOT EXISTS (SELECT 1 FROM payments_payment p WHERE p.payable_kind = 'order' AND p.payable_id = NEW.order_id
                       AND p.state = 'captured' AND NOT p.surplus) THEN
            RAISE EXCEPTION 'order line %: goods nobody paid for are not handed over', NEW.id USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF EXISTS (SELECT 1 FROM catalogue_lot l WHERE l.id = NEW.lot_id
                   AND (l.recalled_at IS NOT NULL OR l.expires_at <= NEW.handed_over_at OR l.sku_id <> NEW.sku_id)) THEN
            RAISE EXCEPTION 'order line %: its lot is expired, recalled or of other goods', NEW.id USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    IF NEW.kept_at IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.kept_at IS NULL) AND NOT EXISTS (
            SELECT 1 FROM payments_payment p WHERE p.payable_kind = 'order' AND p.payable_id = NEW.order_id
               AND p.state = 'captured' AND NOT p.surplus) THEN
        RAISE EXCEPTION 'order line %: nobody keeps what nobody paid for', NEW.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sales_guard BEFORE INSERT OR UPDATE OR DELETE ON sales_orderline FOR EACH ROW EXECUTE FUNCTION sales_guard_line();
"""

UNLINE = """
DROP TRIGGER sales_guard ON sales_orderline;
DROP FUNCTION sales_guard_line();
"""

REFUND = """
-- The counters grow with each part; the check constraints of line and order decide whether so much may go back.
CREATE FUNCTION sales_count_refund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.order_id IS DISTINCT FROM (SELECT order_id FROM sales_orderrefund WHERE id = NEW.refund_id)
       OR (NEW.line_id IS NOT NULL AND NEW.order_id IS DISTINCT FROM (SELECT order_id FROM sales_orderline WHERE id = NEW.line_id)) THEN
        RAISE EXCEPTION 'a refund part belongs to one order' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.line_id IS NOT NULL THEN
        UPDATE sales_orderline SET refunded_minor = refunded_minor + NEW.amount_minor, released_minor = released_minor - NEW.from_income_minor
        WHERE id = NEW.line_id;
    END IF;
    UPDATE sales_order SET refunded_minor = refunded_minor + NEW.amount_minor,
        freight_refunded_minor = freight_refunded_minor + CASE WHEN NEW.line_id IS NULL THEN NEW.amount_minor ELSE 0 END,
        freight_released_minor = freight_released_minor - CASE WHEN NEW.line_id IS NULL THEN NEW.from_income_minor ELSE 0 END
    WHERE id = NEW.order_id;
    RETURN NULL;
END $$;
CREATE TRIGGER sales_count AFTER INSERT ON sales_refundpart FOR EACH ROW EXECUTE FUNCTION sales_count_refund();

CREATE FUNCTION sales_check_parts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE whole bigint; parts bigint;
BEGIN
    SELECT amount_minor INTO whole FROM sales_orderrefund WHERE id = CASE TG_TABLE_NAME WHEN 'sales_orderrefund' THEN NEW.id ELSE (to_jsonb(NEW)->>'refund_id')::bigint END;
    SELECT coalesce(sum(amount_minor), 0) INTO parts FROM sales_refundpart
        WHERE refund_id = CASE TG_TABLE_NAME WHEN 'sales_orderrefund' THEN NEW.id ELSE (to_jsonb(NEW)->>'refund_id')::bigint END;
    IF whole IS DISTINCT FROM parts THEN
        RAISE EXCEPTION 'a refund is the sum of its parts' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER sales_parts_add_up AFTER INSERT ON sales_orderrefund DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION sales_check_parts();
CREATE CONSTRAINT TRIGGER sales_parts_add_up AFTER INSERT ON sales_refundpart DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION sales_check_parts();
"""

UNREFUND = """
DROP TRIGGER sales_parts_add_up ON sales_refundpart;
DROP TRIGGER sales_parts_add_up ON sales_orderrefund;
DROP FUNCTION sales_check_parts();
DROP TRIGGER sales_count ON sales_refundpart;
DROP FUNCTION sales_count_refund();
"""


class Migration(migrations.Migration):
    dependencies = [("sales", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUSE, UNREFUSE),
        migrations.RunSQL(ORDER, UNORDER),
        migrations.RunSQL(LINE, UNLINE),
        migrations.RunSQL(REFUND, UNREFUND),
    ]
