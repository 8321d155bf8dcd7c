"""What the database refuses by itself: edited terms, uses beyond the limit, sales that are no sale, goods that are not on the shelf."""

from django.db import migrations

LINKS = """
CREATE FUNCTION stores_guard_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'pay link % is a record and is never deleted', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.taken <> 0 OR (NEW.state <> 'open' AND NEW.state <> 'asked') OR (NEW.only_for_id IS NOT NULL AND NEW.state <> 'asked') THEN
            RAISE EXCEPTION 'a pay link begins unused; a typed amount begins as a question' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.code, NEW.sku_id, NEW.quantity, NEW.store_id, NEW.only_for_id, NEW.made_by_id, NEW.most, NEW.expires_at, NEW.created_at)
        IS DISTINCT FROM (OLD.code, OLD.sku_id, OLD.quantity, OLD.store_id, OLD.only_for_id, OLD.made_by_id, OLD.most, OLD.expires_at, OLD.created_at) THEN
        RAISE EXCEPTION 'pay link %: what it asks for is never edited', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state IS DISTINCT FROM OLD.state AND NOT (
        (OLD.state = 'asked' AND NEW.state IN ('open', 'declined', 'closed')) OR (OLD.state = 'open' AND NEW.state = 'closed')) THEN
        RAISE EXCEPTION 'pay link %: no move from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state = 'asked' AND NEW.state = 'open' AND (NEW.decided_by_id IS NULL OR NEW.decided_by_id = NEW.only_for_id) THEN
        RAISE EXCEPTION 'pay link %: a typed amount is confirmed by somebody else', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stores_guard BEFORE INSERT OR UPDATE OR DELETE ON stores_paylink FOR EACH ROW EXECUTE FUNCTION stores_guard_link();
"""

SALES = """
CREATE FUNCTION stores_sold(the_store bigint, the_sku bigint, beside bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(l.quantity), 0)::bigint FROM stores_countersale s
      JOIN sales_orderline l ON l.order_id = s.order_id AND l.sku_id = the_sku AND l.dropped_at IS NULL
      JOIN stores_shelfgood g ON g.store_id = s.store_id AND g.sku_id = l.sku_id
     WHERE s.store_id = the_store AND s.ended_at IS NULL AND s.order_id IS DISTINCT FROM beside
       AND (l.handed_over_at IS NULL OR l.handed_over_at > g.counted_at)
$$;

CREATE FUNCTION stores_guard_sale() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a sale at a counter is a record and is never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.order_id, NEW.store_id, NEW.link_id, NEW.spot, NEW.made_at) IS DISTINCT FROM (OLD.order_id, OLD.store_id, OLD.link_id, OLD.spot, OLD.made_at) THEN
            RAISE EXCEPTION 'sale %: what it was is never edited', OLD.id USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.ended_at IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM sales_order o LEFT JOIN stores_store s ON s.id = NEW.store_id
         WHERE o.id = NEW.order_id AND (NEW.store_id IS NULL OR o.pickup_point_id = s.point_id)
           AND o.waits_for = CASE WHEN NEW.link_id IS NULL THEN 'counter:' || NEW.store_id ELSE 'paylink:' || NEW.link_id END) THEN
        RAISE EXCEPTION 'a sale at a counter belongs to an order for that counter' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.link_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM stores_paylink k JOIN sales_order o ON o.id = NEW.order_id
         WHERE k.id = NEW.link_id AND k.state = 'open' AND NEW.made_at < k.expires_at AND k.store_id IS NOT DISTINCT FROM NEW.store_id
           AND (k.only_for_id IS NULL OR k.only_for_id = o.member_id)
           AND (SELECT count(*) = 1 AND bool_and(l.sku_id = k.sku_id AND l.quantity = k.quantity)
                  FROM sales_orderline l WHERE l.order_id = o.id)) THEN
        RAISE EXCEPTION 'pay link % does not allow this order', NEW.link_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stores_guard BEFORE INSERT OR UPDATE OR DELETE ON stores_countersale FOR EACH ROW EXECUTE FUNCTION stores_guard_sale();

CREATE FUNCTION stores_guard_shelf() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wanted record;
BEGIN
    FOR wanted IN SELECT l.sku_id, sum(l.quantity) AS units FROM sales_orderline l WHERE l.order_id = NEW.order_id GROUP BY l.sku_id ORDER BY l.sku_id
    LOOP
        PERFORM 1 FROM stores_shelfgood g WHERE g.store_id = NEW.store_id AND g.sku_id = wanted.sku_id FOR UPDATE;
        IF NOT EXISTS (SELECT 1 FROM stores_shelfgood g WHERE g.store_id = NEW.store_id AND g.sku_id = wanted.sku_id
                       AND g.counted - stores_sold(NEW.store_id, wanted.sku_id, NEW.order_id) >= wanted.units) THEN
            RAISE EXCEPTION 'store % has fewer than % of goods % on its shelf', NEW.store_id, wanted.units, wanted.sku_id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER stores_shelf AFTER INSERT ON stores_countersale FOR EACH ROW WHEN (NEW.link_id IS NULL) EXECUTE FUNCTION stores_guard_shelf();
CREATE TRIGGER stores_shelf_again AFTER UPDATE OF ended_at ON stores_countersale FOR EACH ROW
    WHEN (NEW.link_id IS NULL AND NEW.ended_at IS NULL AND OLD.ended_at IS NOT NULL) EXECUTE FUNCTION stores_guard_shelf();
"""

# Checked when the transaction commits: the counter and the sale change in two statements.
COUNTS = """
CREATE FUNCTION stores_check_uses() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE the_link bigint;
BEGIN
    the_link := CASE WHEN TG_TABLE_NAME = 'stores_paylink' THEN (to_jsonb(NEW)->>'id')::bigint ELSE (to_jsonb(NEW)->>'link_id')::bigint END;
    IF EXISTS (SELECT 1 FROM stores_paylink k WHERE k.id = the_link AND k.taken <> (
            SELECT count(*) FROM stores_countersale s WHERE s.link_id = k.id AND s.ended_at IS NULL)) THEN
        RAISE EXCEPTION 'pay link %: counted uses are not the orders that live', the_link USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER stores_uses AFTER INSERT OR UPDATE OF ended_at ON stores_countersale
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.link_id IS NOT NULL) EXECUTE FUNCTION stores_check_uses();
CREATE CONSTRAINT TRIGGER stores_uses AFTER UPDATE OF taken ON stores_paylink
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION stores_check_uses();
"""

BACKWARD = """
DROP TRIGGER stores_uses ON stores_paylink;
DROP TRIGGER stores_uses ON stores_countersale;
DROP TRIGGER stores_shelf_again ON stores_countersale;
DROP TRIGGER stores_shelf ON stores_countersale;
DROP TRIGGER stores_guard ON stores_countersale;
DROP TRIGGER stores_guard ON stores_paylink;
DROP FUNCTION stores_check_uses();
DROP FUNCTION stores_guard_shelf();
DROP FUNCTION stores_guard_sale();
DROP FUNCTION stores_sold(bigint, bigint, bigint);
DROP FUNCTION stores_guard_link();
"""


class Migration(migrations.Migration):
    dependencies = [("stores", "0001_initial"), ("sales", "0003_place_and_pay")]

    operations = [migrations.RunSQL(LINKS + SALES + COUNTS, BACKWARD)]
