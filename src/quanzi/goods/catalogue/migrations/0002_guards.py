"""What the database refuses by itself: an edited price history, a price without its record, a recall undone."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION catalogue_guard_price_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of prices is never edited' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER catalogue_guard BEFORE UPDATE OR DELETE ON catalogue_pricechange
    FOR EACH ROW EXECUTE FUNCTION catalogue_guard_price_change();

-- The record comes first, then the price: whoever changes a price leaves a trace.
CREATE FUNCTION catalogue_guard_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM (SELECT price_minor, currency FROM catalogue_pricechange
                     WHERE sku_id = NEW.id ORDER BY id DESC LIMIT 1) AS newest
        WHERE newest.price_minor = NEW.price_minor AND newest.currency = NEW.currency) THEN
        RAISE EXCEPTION 'sku %: a price changes only beside its record in the history of prices', NEW.code
            USING ERRCODE = 'integrity_constraint_violation',
                  HINT = 'catalogue.services.change_price writes both';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER catalogue_guard_price BEFORE UPDATE OF price_minor, currency ON catalogue_sku
    FOR EACH ROW WHEN (NEW.price_minor <> OLD.price_minor OR NEW.currency <> OLD.currency)
    EXECUTE FUNCTION catalogue_guard_price();

CREATE FUNCTION catalogue_guard_lot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.recalled_at IS NOT NULL AND NEW.recalled_at IS DISTINCT FROM OLD.recalled_at THEN
        RAISE EXCEPTION 'lot % was recalled; that is never undone', OLD.code
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.sku_id, NEW.code) IS DISTINCT FROM (OLD.sku_id, OLD.code) THEN
        RAISE EXCEPTION 'lot %: what it is of is never edited', OLD.code
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER catalogue_guard BEFORE UPDATE ON catalogue_lot
    FOR EACH ROW EXECUTE FUNCTION catalogue_guard_lot();
"""

BACKWARD = """
DROP TRIGGER catalogue_guard ON catalogue_lot;
DROP FUNCTION catalogue_guard_lot();
DROP TRIGGER catalogue_guard_price ON catalogue_sku;
DROP FUNCTION catalogue_guard_price();
DROP TRIGGER catalogue_guard ON catalogue_pricechange;
DROP FUNCTION catalogue_guard_price_change();
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
