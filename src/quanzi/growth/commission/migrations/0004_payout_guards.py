"""A payout goes its way, to an account that stood for a day, for exactly what is owed; raw SQL cannot say otherwise."""

from typing import ClassVar

from django.db import migrations

GUARDS = """
CREATE FUNCTION payout_account_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.retired_at IS NOT NULL OR (NEW.member_id, NEW.method, NEW.holder, NEW.sealed, NEW.tail, NEW.added_at)
        IS DISTINCT FROM (OLD.member_id, OLD.method, OLD.holder, OLD.sealed, OLD.tail, OLD.added_at) THEN
        RAISE EXCEPTION 'a payout account is never edited; another one takes its place' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payout_account_guard BEFORE UPDATE OR DELETE ON commission_payoutaccount
    FOR EACH ROW EXECUTE FUNCTION payout_account_guard();

CREATE FUNCTION payout_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE account commission_payoutaccount%ROWTYPE;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'payouts are never removed' USING ERRCODE = 'check_violation';
    END IF;
    SELECT * INTO account FROM commission_payoutaccount WHERE id = NEW.account_id FOR SHARE;
    IF account.member_id <> NEW.beneficiary_id THEN
        RAISE EXCEPTION 'a payout goes to an account of its beneficiary' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.made_by_id = NEW.beneficiary_id OR NEW.approved_by_id = NEW.beneficiary_id THEN
        RAISE EXCEPTION 'nobody pays themselves' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'asked' THEN
            RAISE EXCEPTION 'a payout begins as asked' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.beneficiary_id, NEW.account_id, NEW.amount_minor, NEW.key, NEW.needs_second, NEW.made_by_id, NEW.made_at)
        IS DISTINCT FROM
       (OLD.beneficiary_id, OLD.account_id, OLD.amount_minor, OLD.key, OLD.needs_second, OLD.made_by_id, OLD.made_at)
       OR (OLD.approved_by_id IS NOT NULL AND NEW.approved_by_id IS DISTINCT FROM OLD.approved_by_id)
       OR (OLD.sent_at IS NOT NULL AND (NEW.reference, NEW.sent_at) IS DISTINCT FROM (OLD.reference, OLD.sent_at)) THEN
        RAISE EXCEPTION 'what a payout says is never edited' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state <> OLD.state AND NOT ((OLD.state, NEW.state) IN (('asked', 'approved'), ('asked', 'failed'),
        ('approved', 'sent'), ('approved', 'failed'), ('sent', 'done'), ('sent', 'failed'))) THEN
        RAISE EXCEPTION 'no move of a payout from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'sent' AND OLD.state <> 'sent' THEN
        IF account.retired_at IS NOT NULL OR account.added_at + interval '24 hours' > NEW.sent_at THEN
            RAISE EXCEPTION 'money follows a payout account after 24 hours' USING ERRCODE = 'check_violation';
        END IF;
        IF EXISTS (SELECT FROM commission_accrual a WHERE a.id IN (
                       SELECT accrual_id FROM commission_payoutline WHERE payout_id = NEW.id)
                   AND a.amount_minor - a.reversed_minor <> (
                       SELECT sum(l.amount_minor) FROM commission_payoutline l WHERE l.accrual_id = a.id AND l.is_live)) THEN
            RAISE EXCEPTION 'a payout pays what is owed when it is sent' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payout_guard BEFORE INSERT OR UPDATE OR DELETE ON commission_payout FOR EACH ROW EXECUTE FUNCTION payout_guard();

CREATE FUNCTION payout_line_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE payout commission_payout%ROWTYPE; accrual commission_accrual%ROWTYPE;
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (NEW.is_live OR
        (NEW.payout_id, NEW.accrual_id, NEW.kind, NEW.amount_minor, NEW.reversed_minor)
        IS DISTINCT FROM (OLD.payout_id, OLD.accrual_id, OLD.kind, OLD.amount_minor, OLD.reversed_minor))) THEN
        RAISE EXCEPTION 'lines of a payout are never edited' USING ERRCODE = 'check_violation';
    END IF;
    SELECT * INTO payout FROM commission_payout WHERE id = NEW.payout_id;
    IF TG_OP = 'UPDATE' AND payout.state <> 'failed' THEN
        RAISE EXCEPTION 'lines live as long as their payout' USING ERRCODE = 'check_violation';
    END IF;
    SELECT * INTO accrual FROM commission_accrual WHERE id = NEW.accrual_id;
    IF TG_OP = 'INSERT' AND (payout.state <> 'asked' OR accrual.beneficiary_id <> payout.beneficiary_id
        OR accrual.payable_at IS NULL OR NEW.amount_minor > accrual.amount_minor - accrual.reversed_minor
        OR NEW.reversed_minor <> accrual.reversed_minor) THEN
        RAISE EXCEPTION 'a payout settles what is payable to its beneficiary' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payout_line_guard BEFORE INSERT OR UPDATE OR DELETE ON commission_payoutline
    FOR EACH ROW EXECUTE FUNCTION payout_line_guard();

CREATE FUNCTION payout_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE payout commission_payout%ROWTYPE;
BEGIN
    SELECT * INTO payout FROM commission_payout WHERE id = NEW.id;
    IF payout.amount_minor <> (SELECT coalesce(sum(amount_minor), 0) FROM commission_payoutline WHERE payout_id = NEW.id) THEN
        RAISE EXCEPTION 'a payout is the sum of its lines' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT FROM commission_payoutline WHERE payout_id = NEW.id AND is_live = (payout.state = 'failed')) THEN
        RAISE EXCEPTION 'lines live as long as their payout' USING ERRCODE = 'check_violation';
    END IF;
    IF payout.needs_second AND payout.state IN ('approved', 'sent', 'done') AND NOT EXISTS (
        SELECT FROM approvals_approval s WHERE s.id = payout.approval_id AND s.state = 'approved' AND s.deed = 'commission.payout'
            AND s.target = 'payout:' || payout.id AND s.amount_minor = payout.amount_minor
            AND s.asked_by_id = payout.made_by_id AND s.decided_by_id = payout.approved_by_id) THEN
        RAISE EXCEPTION 'a payout above the limit needs a second person' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payout_adds_up AFTER INSERT OR UPDATE ON commission_payout DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION payout_adds_up();

CREATE FUNCTION payout_accrual_paid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM commission_payoutline l JOIN commission_payout p ON p.id = l.payout_id
                   WHERE l.accrual_id = NEW.id AND l.is_live AND l.kind = 'earned' AND p.state IN ('sent', 'done')) THEN
        RAISE EXCEPTION 'commission is paid by a payout' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payout_accrual_paid BEFORE INSERT OR UPDATE ON commission_accrual FOR EACH ROW
    WHEN (NEW.state = 'paid') EXECUTE FUNCTION payout_accrual_paid();
"""

UNDO = """
DROP TRIGGER payout_accrual_paid ON commission_accrual;
DROP TRIGGER payout_adds_up ON commission_payout;
DROP TRIGGER payout_line_guard ON commission_payoutline;
DROP TRIGGER payout_guard ON commission_payout;
DROP TRIGGER payout_account_guard ON commission_payoutaccount;
DROP FUNCTION payout_accrual_paid, payout_adds_up, payout_line_guard, payout_guard, payout_account_guard;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("commission", "0003_payouts"), ("approvals", "0002_guards")]
    operations: ClassVar = [migrations.RunSQL(GUARDS, UNDO)]
