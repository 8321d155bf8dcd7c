"""A deposit counts for an order: paid in two payments, one truth in the books."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

FORWARD = """
CREATE FUNCTION sales_guard_credit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'what was paid ahead for order % is a record and is never deleted', OLD.order_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.ended_at IS NOT NULL OR NOT EXISTS (
            SELECT 1 FROM sales_order o JOIN payments_payment p ON p.id = NEW.payment_id
             WHERE o.id = NEW.order_id AND o.state = 'placed' AND p.payable_kind <> 'order' AND p.state = 'captured' AND NOT p.surplus
               AND p.member_id = o.member_id AND p.currency = o.currency
               AND NEW.amount_minor = p.amount_minor - p.refunded_minor AND NEW.amount_minor < o.amount_minor) THEN
            RAISE EXCEPTION 'order %: only money of its buyer that is here, and less than the order costs, counts ahead', NEW.order_id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.order_id, NEW.payment_id, NEW.amount_minor, NEW.credited_at) IS DISTINCT FROM
       (OLD.order_id, OLD.payment_id, OLD.amount_minor, OLD.credited_at)
       OR OLD.ended_at IS NOT NULL
       OR NOT EXISTS (SELECT 1 FROM sales_order WHERE id = NEW.order_id AND state = 'cancelled') THEN
        RAISE EXCEPTION 'order %: what was paid ahead counts until the order is cancelled', NEW.order_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sales_guard BEFORE INSERT OR UPDATE OR DELETE ON sales_ordercredit
    FOR EACH ROW EXECUTE FUNCTION sales_guard_credit();

-- At commit: an order beyond "placed" has exactly its amount captured, in one payment of its own and what was paid ahead.
CREATE OR REPLACE FUNCTION sales_check_paid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM payments_payment p
                   WHERE p.payable_kind = 'order' AND p.payable_id = NEW.id AND p.state = 'captured' AND NOT p.surplus
                     AND p.currency = NEW.currency AND p.amount_minor = NEW.amount_minor - coalesce(
                         (SELECT c.amount_minor FROM sales_ordercredit c WHERE c.order_id = NEW.id AND c.ended_at IS NULL), 0)) THEN
        RAISE EXCEPTION 'order %: no captured payment of % stands behind it', NEW.number, NEW.amount_minor
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

-- Money that counts for an order goes back through the order, or not at all: at commit, no more went back of it than refunds of the order say.
CREATE FUNCTION sales_check_credit_refund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM sales_ordercredit c JOIN payments_payment p ON p.id = c.payment_id
         WHERE c.payment_id = NEW.payment_id AND c.ended_at IS NULL AND p.refunded_minor > (
             SELECT coalesce(sum(r.amount_minor), 0) FROM sales_orderrefund o JOIN payments_refund r ON r.id = o.credit_refund_id
              WHERE o.order_id = c.order_id)) THEN
        RAISE EXCEPTION 'payment % counts for an order and goes back through it', NEW.payment_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER sales_credit_refund AFTER INSERT ON payments_refund DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION sales_check_credit_refund();
"""

BACKWARD = """
DROP TRIGGER sales_credit_refund ON payments_refund;
DROP FUNCTION sales_check_credit_refund();
CREATE OR REPLACE FUNCTION sales_check_paid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM payments_payment p
                   WHERE p.payable_kind = 'order' AND p.payable_id = NEW.id AND p.state = 'captured' AND NOT p.surplus
                     AND p.amount_minor = NEW.amount_minor AND p.currency = NEW.currency) THEN
        RAISE EXCEPTION 'order %: no captured payment of % stands behind it', NEW.number, NEW.amount_minor
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER sales_guard ON sales_ordercredit;
DROP FUNCTION sales_guard_credit();
"""


class Migration(migrations.Migration):
    dependencies = [("sales", "0006_under_a_promise"), ("payments", "0003_again")]

    operations = [
        migrations.CreateModel(
            name="OrderCredit",
            fields=[
                ("order", models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name="credit",
                    serialize=False, to="sales.order")),
                ("amount_minor", models.BigIntegerField()),
                ("credited_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("payment", models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="credits", to="payments.payment")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(condition=Q(ended_at=None), fields=["payment"], name="credit_counts_once"),
                    models.CheckConstraint(condition=Q(amount_minor__gt=0), name="credit_of_something"),
                ],
            },
        ),
        migrations.AddField(
            "orderrefund",
            "credit_refund",
            models.OneToOneField(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="order_refund_ahead",
                to="payments.refund"),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]  # fmt: skip
