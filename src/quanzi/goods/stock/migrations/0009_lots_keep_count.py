"""What is handed over may come from several lots, and no lot gives more than came in under it.

A lot under which nothing ever came in is not counted: the shop receives these goods without naming lots.
"""

from django.db import migrations, models

OF_SEVERAL = """
        IF NEW.kind = 'sold' AND -NEW.quantity > sale.quantity + (
            SELECT coalesce(sum(quantity), 0) FROM stock_movement
            WHERE reservation_id = NEW.reservation_id AND kind = 'sold') THEN
            RAISE EXCEPTION 'movement % must take out what was reserved', NEW.key
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;"""
OF_ONE = """
        IF NEW.kind = 'sold' AND NEW.quantity <> -sale.quantity THEN
            RAISE EXCEPTION 'movement % must take out what was reserved', NEW.key
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;"""
COUNTED = """
        IF NEW.quantity < 0 THEN
            -- Locked, so that two who take from one lot count one after the other.
            PERFORM FROM catalogue_lot WHERE id = NEW.lot_id FOR NO KEY UPDATE;
            SELECT sum(quantity) INTO there FROM stock_movement WHERE lot_id = NEW.lot_id
                HAVING bool_or(kind = 'received');
            IF there + NEW.quantity < 0 THEN
                RAISE EXCEPTION 'lot % has % left', batch.code, there
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'stock_lot_has_enough', TABLE = 'stock_movement';
            END IF;
        END IF;"""


def guard(sold: str, counted: str) -> str:
    return f"""
CREATE OR REPLACE FUNCTION stock_guard_movement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sale stock_reservation%ROWTYPE;
    batch catalogue_lot%ROWTYPE;
    there bigint;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'movement % is a fact and is never edited', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.reservation_id IS NOT NULL THEN
        -- The lock makes two returns of one sale wait for each other.
        SELECT * INTO sale FROM stock_reservation WHERE id = NEW.reservation_id FOR UPDATE;
        IF sale.sku_id <> NEW.sku_id OR sale.state <> 'consumed' THEN
            RAISE EXCEPTION 'movement % does not belong to goods that were handed over', NEW.key
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;{sold}
        IF NEW.kind = 'returned' AND NEW.quantity > sale.quantity - (
            SELECT coalesce(sum(quantity), 0) FROM stock_movement
            WHERE reservation_id = NEW.reservation_id AND kind = 'returned') THEN
            RAISE EXCEPTION 'movement % brings back more than was handed over', NEW.key
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    IF NEW.lot_id IS NOT NULL THEN
        SELECT * INTO batch FROM catalogue_lot WHERE id = NEW.lot_id FOR SHARE;
        IF batch.sku_id <> NEW.sku_id THEN
            RAISE EXCEPTION 'lot % is not of sku %', batch.code, NEW.sku_id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.kind = 'sold' AND (batch.recalled_at IS NOT NULL OR batch.expires_at <= NEW.moved_at) THEN
            RAISE EXCEPTION 'lot % is expired or recalled and cannot be handed over', batch.code
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;{counted}
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("stock", "0008_promises"), ("catalogue", "0008_paused_lots")]

    operations = [
        migrations.RemoveConstraint("movement", "movement_sold_once"),
        migrations.AddConstraint(
            "movement",
            models.UniqueConstraint(
                condition=models.Q(kind="sold"), fields=["reservation", "lot"], name="movement_sold_once", nulls_distinct=False
            ),
        ),
        migrations.RunSQL(guard(OF_SEVERAL, COUNTED), guard(OF_ONE, "")),
    ]
