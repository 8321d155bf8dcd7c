"""What the database refuses of brand days: edited terms, prices outside the hours."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION launches_guard_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'brand day % is a record and is never deleted', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.slug, NEW.maker_id, NEW.starts_at, NEW.ends_at) IS DISTINCT FROM (OLD.slug, OLD.maker_id, OLD.starts_at, OLD.ends_at)
       OR (OLD.called_off_at IS NOT NULL AND NEW.called_off_at IS DISTINCT FROM OLD.called_off_at) OR NEW.called_off_at >= NEW.starts_at THEN
        RAISE EXCEPTION 'brand day %: its hours are never edited, and it is called off before it opens', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER launches_guard BEFORE UPDATE OR DELETE ON launches_brandday FOR EACH ROW EXECUTE FUNCTION launches_guard_day();

CREATE FUNCTION launches_guard_day_good() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'goods of a brand day, and their prices, are never edited' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER launches_guard BEFORE UPDATE OR DELETE ON launches_daygood FOR EACH ROW EXECUTE FUNCTION launches_guard_day_good();

CREATE FUNCTION launches_check_day_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM sales_order o JOIN sales_orderline s ON s.order_id = o.id AND s.id = NEW.line_id
                     JOIN launches_daygood g ON g.sku_id = s.sku_id JOIN launches_brandday d ON d.id = g.day_id AND 'day:' || d.id = NEW.source
                    WHERE o.id = NEW.order_id AND d.called_off_at IS NULL AND o.placed_at >= d.starts_at AND o.placed_at < d.ends_at) THEN
        RAISE EXCEPTION 'order %: the price of % holds for its goods, in its hours', NEW.order_id, NEW.source USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER launches_day_price AFTER INSERT ON sales_adjustment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (starts_with(NEW.source, 'day:')) EXECUTE FUNCTION launches_check_day_price();
"""

BACKWARD = """
DROP TRIGGER launches_day_price ON sales_adjustment;
DROP TRIGGER launches_guard ON launches_daygood;
DROP TRIGGER launches_guard ON launches_brandday;
DROP FUNCTION launches_check_day_price();
DROP FUNCTION launches_guard_day_good();
DROP FUNCTION launches_guard_day();
"""


class Migration(migrations.Migration):
    dependencies = [("launches", "0003_days"), ("sales", "0003_place_and_pay")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
