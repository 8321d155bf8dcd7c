"""What the database refuses by itself: illegal moves, edited money, refunds beyond what was captured."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION payments_guard_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'payment % is a record of money and is never deleted', OLD.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.number, NEW.payable_kind, NEW.payable_id, NEW.amount_minor, NEW.currency, NEW.provider)
        IS DISTINCT FROM
       (OLD.number, OLD.payable_kind, OLD.payable_id, OLD.amount_minor, OLD.currency, OLD.provider)
       OR (OLD.state = 'captured' AND NEW.provider_ref IS DISTINCT FROM OLD.provider_ref) THEN
        RAISE EXCEPTION 'payment %: what was asked for is never edited', OLD.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state IS DISTINCT FROM OLD.state THEN
        IF NOT ((OLD.state = 'created' AND NEW.state IN ('captured', 'closed', 'failed'))
             OR (OLD.state IN ('closed', 'failed') AND NEW.state = 'captured' AND NEW.surplus)) THEN
            RAISE EXCEPTION 'payment %: no move from % to %', OLD.number, OLD.state, NEW.state
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        INSERT INTO payments_paymentmove (payment_id, before, after, recorded_at)
            VALUES (OLD.id, OLD.state, NEW.state, clock_timestamp());
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_guard BEFORE UPDATE OR DELETE ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION payments_guard_payment();

CREATE FUNCTION payments_guard_refund() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE change bigint := 0;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'refund % is a record of money and is never deleted', OLD.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'requested' THEN
            RAISE EXCEPTION 'refund % must begin as requested', NEW.number
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        change := NEW.amount_minor;
    ELSE
        IF (NEW.payment_id, NEW.number, NEW.amount_minor) IS DISTINCT FROM (OLD.payment_id, OLD.number, OLD.amount_minor)
        THEN
            RAISE EXCEPTION 'refund %: what was asked for is never edited', OLD.number
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.state IS DISTINCT FROM OLD.state THEN
            IF NOT ((OLD.state = 'requested' AND NEW.state IN ('done', 'failed', 'unknown'))
                 OR (OLD.state = 'unknown' AND NEW.state IN ('done', 'failed'))) THEN
                RAISE EXCEPTION 'refund %: no move from % to %', OLD.number, OLD.state, NEW.state
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            IF NEW.state = 'failed' THEN
                change := -OLD.amount_minor;
            END IF;
        END IF;
    END IF;
    IF change <> 0 THEN
        -- The check constraints of the payment decide whether so much may go back.
        UPDATE payments_payment SET refunded_minor = refunded_minor + change WHERE id = NEW.payment_id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_guard BEFORE INSERT OR UPDATE OR DELETE ON payments_refund
    FOR EACH ROW EXECUTE FUNCTION payments_guard_refund();

CREATE FUNCTION payments_guard_notification() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.provider, NEW.event_id, NEW.raw, NEW.headers, NEW.received_at, NEW.content)
        IS DISTINCT FROM (OLD.provider, OLD.event_id, OLD.raw, OLD.headers, OLD.received_at, OLD.content) THEN
        RAISE EXCEPTION 'a notification is kept as it came' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_guard BEFORE UPDATE OR DELETE ON payments_notification
    FOR EACH ROW EXECUTE FUNCTION payments_guard_notification();
"""

BACKWARD = """
DROP TRIGGER payments_guard ON payments_notification;
DROP FUNCTION payments_guard_notification();
DROP TRIGGER payments_guard ON payments_refund;
DROP FUNCTION payments_guard_refund();
DROP TRIGGER payments_guard ON payments_payment;
DROP FUNCTION payments_guard_payment();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_payments")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
