"""What the database refuses of chains: edited times and prices, names in the list without an order, late ones."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION chains_guard_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'chain % is a record and is never deleted', OLD.code USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'open' THEN
            RAISE EXCEPTION 'chain % begins open', NEW.code USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.code, NEW.circle_id, NEW.opener_id, NEW.point_id, NEW.opened_at, NEW.closes_at, NEW.pay_until)
        IS DISTINCT FROM (OLD.code, OLD.circle_id, OLD.opener_id, OLD.point_id, OLD.opened_at, OLD.closes_at, OLD.pay_until) THEN
        RAISE EXCEPTION 'chain %: whose it is, where and until when is never edited', OLD.code USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state IS DISTINCT FROM OLD.state AND (OLD.state <> 'open' OR (NEW.state = 'closed' AND NEW.ended_at < NEW.closes_at)) THEN
        RAISE EXCEPTION 'chain %: no move from % to % now', OLD.code, OLD.state, NEW.state USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER chains_guard BEFORE INSERT OR UPDATE OR DELETE ON chains_chain FOR EACH ROW EXECUTE FUNCTION chains_guard_chain();

CREATE FUNCTION chains_guard_good() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' OR EXISTS (SELECT 1 FROM chains_signup WHERE chain_id = NEW.chain_id) THEN
        RAISE EXCEPTION 'goods and prices of a chain are never edited' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER chains_guard BEFORE INSERT OR UPDATE OR DELETE ON chains_chaingood FOR EACH ROW EXECUTE FUNCTION chains_guard_good();

CREATE FUNCTION chains_guard_signup() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'sign-up % is a record and is never deleted', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.ended_at IS NOT NULL OR NEW.since > NEW.signed_at OR NOT EXISTS (
            SELECT 1 FROM chains_chain c JOIN sales_order o ON o.id = NEW.order_id
             WHERE c.id = NEW.chain_id AND c.state = 'open' AND NEW.signed_at < c.closes_at AND o.member_id = NEW.member_id
               AND o.waits_for = 'chain:' || NEW.chain_id) THEN
            RAISE EXCEPTION 'a sign-up begins in an open chain, with an order of the same member for it'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.chain_id, NEW.member_id, NEW.order_id, NEW.since, NEW.signed_at)
        IS DISTINCT FROM (OLD.chain_id, OLD.member_id, OLD.order_id, OLD.since, OLD.signed_at)
        OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at) THEN
        RAISE EXCEPTION 'sign-up %: whose it is is never edited', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER chains_guard BEFORE INSERT OR UPDATE OR DELETE ON chains_signup FOR EACH ROW EXECUTE FUNCTION chains_guard_signup();

CREATE FUNCTION chains_guard_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM chains_signup WHERE order_id = NEW.order_id AND 'chain:' || chain_id = NEW.source) THEN
        RAISE EXCEPTION 'order %: the price of % belongs to its list', NEW.order_id, NEW.source USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER chains_price AFTER INSERT OR UPDATE ON sales_adjustment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (starts_with(NEW.source, 'chain:')) EXECUTE FUNCTION chains_guard_price();

CREATE FUNCTION chains_guard_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM chains_chain WHERE 'chain:' || id = NEW.waits_for AND state = 'closed') THEN
        RAISE EXCEPTION 'order % waits for a chain that has not closed', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER chains_guard_release BEFORE UPDATE OF released_at ON sales_order FOR EACH ROW
    WHEN (NEW.released_at IS NOT NULL AND OLD.released_at IS NULL AND starts_with(NEW.waits_for, 'chain:'))
    EXECUTE FUNCTION chains_guard_release();
"""

BACKWARD = """
DROP TRIGGER chains_guard_release ON sales_order;
DROP TRIGGER chains_price ON sales_adjustment;
DROP TRIGGER chains_guard ON chains_signup;
DROP TRIGGER chains_guard ON chains_chaingood;
DROP TRIGGER chains_guard ON chains_chain;
DROP FUNCTION chains_guard_release();
DROP FUNCTION chains_guard_price();
DROP FUNCTION chains_guard_signup();
DROP FUNCTION chains_guard_good();
DROP FUNCTION chains_guard_chain();
"""


class Migration(migrations.Migration):
    dependencies = [("chains", "0001_initial"), ("sales", "0003_place_and_pay")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
