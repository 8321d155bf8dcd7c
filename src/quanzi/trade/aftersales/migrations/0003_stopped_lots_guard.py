"""Where goods of a lot leave, a paused lot is refused: by the row that says which lot was given, and by the movement of stock."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER aftersales_refuse_paused BEFORE INSERT ON fulfilment_linelot
    FOR EACH ROW EXECUTE FUNCTION catalogue_refuse_paused();
CREATE TRIGGER aftersales_refuse_paused BEFORE INSERT ON stock_movement
    FOR EACH ROW WHEN (NEW.kind = 'sold' AND NEW.lot_id IS NOT NULL) EXECUTE FUNCTION catalogue_refuse_paused();
CREATE FUNCTION aftersales_guard_recalled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.recall_id, NEW.line_id, NEW.quantity) IS DISTINCT FROM (OLD.recall_id, OLD.line_id, OLD.quantity)
       OR (OLD.settled_at IS NOT NULL AND (NEW.settled_at, NEW.refund_id) IS DISTINCT FROM (OLD.settled_at, OLD.refund_id)) THEN
        RAISE EXCEPTION 'line % of a recall is never taken off its list, and paid back once', OLD.line_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER aftersales_guard BEFORE UPDATE OR DELETE ON aftersales_recalledline
    FOR EACH ROW EXECUTE FUNCTION aftersales_guard_recalled();
"""

BACKWARD = """
DROP TRIGGER aftersales_guard ON aftersales_recalledline;
DROP FUNCTION aftersales_guard_recalled();
DROP TRIGGER aftersales_refuse_paused ON stock_movement;
DROP TRIGGER aftersales_refuse_paused ON fulfilment_linelot;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("aftersales", "0002_stopped_lots"),
        ("catalogue", "0008_paused_lots"),
        ("fulfilment", "0002_guards"),
        ("stock", "0002_guards"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
