"""Commission hangs on a paid order line and becomes payable on kept goods only; raw SQL cannot say otherwise."""

from typing import ClassVar

from django.db import migrations

GUARDS = """
CREATE FUNCTION commission_prove() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE line sales_orderline%ROWTYPE;
BEGIN
    SELECT * INTO line FROM sales_orderline WHERE id = NEW.line_id;
    IF line.member_id IS DISTINCT FROM NEW.buyer_id THEN
        RAISE EXCEPTION 'the buyer of an accrual is the buyer of its line' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT FROM payments_payment payment
                   WHERE payment.payable_kind = 'order' AND payment.payable_id = line.order_id AND payment.state = 'captured') THEN
        RAISE EXCEPTION 'commission needs a paid order line' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state IN ('payable', 'paid') AND (TG_OP = 'INSERT' OR OLD.state NOT IN ('payable', 'paid')) AND (
        line.kept_at IS NULL OR coalesce(line.claim_closes_at, line.kept_at) > NEW.payable_at
        OR coalesce(line.return_closes_at, line.kept_at) > NEW.payable_at OR NEW.payable_at IS NULL) THEN
        RAISE EXCEPTION 'commission is payable when goods are kept and their windows have closed' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.amount_minor > line.paid_minor * 3000 / 10000 THEN
        RAISE EXCEPTION 'commission is at most 30 percent of what was paid' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.depth <> (SELECT depth FROM commission_commissionrule WHERE id = NEW.rule_id) THEN
        RAISE EXCEPTION 'the depth of an accrual is that of its rule' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER commission_prove BEFORE INSERT OR UPDATE ON commission_accrual FOR EACH ROW EXECUTE FUNCTION commission_prove();
"""

UNDO = "DROP TRIGGER commission_prove ON commission_accrual; DROP FUNCTION commission_prove();"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("commission", "0001_initial"), ("payments", "0002_guards"), ("sales", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(GUARDS, UNDO)]
