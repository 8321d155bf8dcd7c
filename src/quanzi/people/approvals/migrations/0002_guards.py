"""What was asked never changes, and a decision is final, however a row is written."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION approvals_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'requests for a second person are never removed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state <> 'waiting' THEN
        RAISE EXCEPTION 'a decision is final' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.deed, NEW.target, NEW.amount_minor, NEW.currency, NEW.reason, NEW.request, NEW.key, NEW.asked_by_id, NEW.asked_at,
        NEW.expires_at)
       IS DISTINCT FROM
       (OLD.deed, OLD.target, OLD.amount_minor, OLD.currency, OLD.reason, OLD.request, OLD.key, OLD.asked_by_id, OLD.asked_at,
        OLD.expires_at) THEN
        RAISE EXCEPTION 'what was asked never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'approved' AND NEW.decided_at >= OLD.expires_at THEN
        RAISE EXCEPTION 'an expired request is not approved' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approvals_guard BEFORE UPDATE OR DELETE ON approvals_approval
FOR EACH ROW EXECUTE FUNCTION approvals_guard();
ALTER TABLE approvals_approval ENABLE ALWAYS TRIGGER approvals_guard;
"""

BACK = """
DROP TRIGGER approvals_guard ON approvals_approval;
DROP FUNCTION approvals_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("approvals", "0001_initial")]
    operations = [migrations.RunSQL(GUARDS, BACK)]
