"""What the database refuses by itself: more received than ordered, an edited receipt, a supplier's lot taken twice over."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION supply_guard_purchase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'purchase % is a record and is never deleted', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.supplier_id <> OLD.supplier_id OR NEW.number <> OLD.number OR NEW.ref <> OLD.ref
       OR (NEW.state <> OLD.state AND NOT (
           (OLD.state = 'draft' AND NEW.state IN ('sent', 'cancelled'))
        OR (OLD.state = 'sent' AND NEW.state IN ('confirmed', 'shipped', 'received', 'cancelled'))
        OR (OLD.state = 'confirmed' AND NEW.state IN ('shipped', 'received', 'cancelled'))
        OR (OLD.state = 'shipped' AND NEW.state = 'received'))) THEN
        RAISE EXCEPTION 'purchase %: no move from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER supply_guard BEFORE UPDATE OR DELETE ON supply_purchase FOR EACH ROW EXECUTE FUNCTION supply_guard_purchase();

CREATE FUNCTION supply_guard_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE standing text;
BEGIN
    SELECT state INTO standing FROM supply_purchase WHERE id = coalesce(NEW.purchase_id, OLD.purchase_id) FOR SHARE;
    IF TG_OP IN ('INSERT', 'DELETE') AND standing <> 'draft' THEN
        RAISE EXCEPTION 'lines of a purchase that was sent stay' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND standing <> 'draft' AND (NEW.sku_id, NEW.quantity, NEW.cost_minor, NEW.purchase_id, NEW.offer_id)
           IS DISTINCT FROM (OLD.sku_id, OLD.quantity, OLD.cost_minor, OLD.purchase_id, OLD.offer_id) THEN
        RAISE EXCEPTION 'what was asked of a supplier is not edited' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.received, NEW.damaged) IS DISTINCT FROM (OLD.received, OLD.damaged) AND NOT EXISTS (
           SELECT 1 FROM (SELECT coalesce(sum(quantity), 0) AS came, coalesce(sum(damaged), 0) AS broken
                          FROM supply_receipt WHERE line_id = NEW.id) AS sums
           WHERE came = NEW.received AND broken = NEW.damaged) THEN
        RAISE EXCEPTION 'what arrived is the sum of its receipts' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER supply_guard BEFORE INSERT OR UPDATE OR DELETE ON supply_purchaseline FOR EACH ROW EXECUTE FUNCTION supply_guard_line();

CREATE FUNCTION supply_guard_receipt() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE line supply_purchaseline; standing text;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'what arrived is never edited' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    -- The line's row lock lets receipts of it come one after the other, whoever writes them.
    SELECT * INTO line FROM supply_purchaseline WHERE id = NEW.line_id FOR UPDATE;
    SELECT state INTO standing FROM supply_purchase WHERE id = line.purchase_id;
    IF standing NOT IN ('sent', 'confirmed', 'shipped') THEN
        RAISE EXCEPTION 'nothing arrives of a purchase that is %', standing USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.lot_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM catalogue_lot WHERE id = NEW.lot_id AND sku_id = line.sku_id) THEN
        RAISE EXCEPTION 'lot % is of other goods than line %', NEW.lot_id, line.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER supply_guard BEFORE INSERT OR UPDATE OR DELETE ON supply_receipt FOR EACH ROW EXECUTE FUNCTION supply_guard_receipt();

CREATE FUNCTION supply_count_receipt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The check constraint of the line refuses more than was ordered.
    UPDATE supply_purchaseline SET received = received + NEW.quantity, damaged = damaged + NEW.damaged WHERE id = NEW.line_id;
    RETURN NULL;
END $$;
CREATE TRIGGER supply_count AFTER INSERT ON supply_receipt FOR EACH ROW EXECUTE FUNCTION supply_count_receipt();

CREATE FUNCTION supply_guard_offer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'offer % is a record and is never deleted', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.taken <> 0 THEN
            RAISE EXCEPTION 'a new offer is untouched' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.goods_id <> OLD.goods_id OR (NEW.taken <> OLD.taken AND NEW.taken <>
           (SELECT coalesce(sum(quantity), 0) FROM supply_offerclaim WHERE offer_id = NEW.id AND given_back_at IS NULL)) THEN
        RAISE EXCEPTION 'offer %: what is taken is the sum of its claims', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER supply_guard BEFORE INSERT OR UPDATE OR DELETE ON supply_offer FOR EACH ROW EXECUTE FUNCTION supply_guard_offer();

CREATE FUNCTION supply_guard_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'claims are given back, not deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND ((NEW.offer_id, NEW.ref, NEW.quantity) IS DISTINCT FROM (OLD.offer_id, OLD.ref, OLD.quantity)
           OR OLD.given_back_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a claim is not edited, only given back once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER supply_guard BEFORE UPDATE OR DELETE ON supply_offerclaim FOR EACH ROW EXECUTE FUNCTION supply_guard_claim();

CREATE FUNCTION supply_count_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The check constraint of the offer decides whether there is enough; the row lock lets one come after the other.
    UPDATE supply_offer SET taken = taken + CASE
        WHEN TG_OP = 'INSERT' THEN NEW.quantity
        WHEN OLD.given_back_at IS NULL AND NEW.given_back_at IS NOT NULL THEN -NEW.quantity ELSE 0 END
    WHERE id = NEW.offer_id;
    RETURN NULL;
END $$;
CREATE TRIGGER supply_count AFTER INSERT OR UPDATE ON supply_offerclaim FOR EACH ROW EXECUTE FUNCTION supply_count_claim();

CREATE FUNCTION supply_guard_origin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'where a lot came from is never edited' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER supply_guard BEFORE UPDATE OR DELETE ON supply_lotorigin FOR EACH ROW EXECUTE FUNCTION supply_guard_origin();
"""

TABLES = {
    "purchase": ["guard_purchase"], "purchaseline": ["guard_line"], "receipt": ["guard_receipt", "count_receipt"],
    "offer": ["guard_offer"], "offerclaim": ["guard_claim", "count_claim"], "lotorigin": ["guard_origin"],
}
BACKWARD = "".join(
    f"DROP TRIGGER supply_{name.split('_')[0]} ON supply_{table}; DROP FUNCTION supply_{name}();\n"
    for table, names in TABLES.items()
    for name in names
)


class Migration(migrations.Migration):
    dependencies = [("supply", "0001_initial"), ("stock", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
