"""Holding goods in two steps, so that an order is written between them: waiting for one's turn, and taking.

`stock_reserve` does both, as before. Whoever calls `stock_hold` alone has called `stock_take_turn` in the same transaction.
"""

from django.db import migrations

FORWARD = """
-- What is missing of these goods; nothing when there is enough, and then until the transaction ends nobody else takes of them.
-- Those who come for the same goods queue at an advisory lock: 64 waiters at a row lock are seven times slower.
CREATE FUNCTION stock_take_turn(p_skus bigint[], p_quantities bigint[])
RETURNS TABLE (missing_sku bigint, wanted bigint, free bigint) LANGUAGE plpgsql AS $$
DECLARE
    sku bigint;
BEGIN
    -- Whoever comes too late is told at once, without queueing behind those who still buy.
    RETURN QUERY SELECT * FROM stock_missing(p_skus, p_quantities);
    IF FOUND THEN
        RETURN;
    END IF;
    FOR sku IN SELECT DISTINCT one FROM unnest(p_skus) AS one ORDER BY one LOOP
        PERFORM pg_advisory_xact_lock(hashtextextended('stock', sku));
    END LOOP;
    PERFORM FROM stock_stock WHERE sku_id = ANY (p_skus) ORDER BY sku_id FOR UPDATE;
    RETURN QUERY SELECT * FROM stock_missing(p_skus, p_quantities);
END $$;

CREATE FUNCTION stock_hold(
    p_skus bigint[], p_quantities bigint[], p_refs text[], p_expires_at timestamptz, p_now timestamptz
) RETURNS void LANGUAGE sql AS $$
    INSERT INTO stock_reservation (sku_id, ref, quantity, state, made_at, expires_at)
        SELECT line.sku, line.ref, line.quantity, 'live', p_now, p_expires_at
        FROM unnest(p_skus, p_quantities, p_refs) AS line (sku, quantity, ref) ORDER BY line.sku
$$;

CREATE OR REPLACE FUNCTION stock_reserve(
    p_skus bigint[], p_quantities bigint[], p_refs text[], p_expires_at timestamptz, p_now timestamptz
) RETURNS TABLE (missing_sku bigint, wanted bigint, free bigint) LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT * FROM stock_take_turn(p_skus, p_quantities);
    IF NOT FOUND THEN
        PERFORM stock_hold(p_skus, p_quantities, p_refs, p_expires_at, p_now);
    END IF;
END $$;

-- The goods of these refs are paid: they are held without end. Returns the refs that hold nothing any more.
CREATE FUNCTION stock_confirm(p_refs text[]) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    gone text[];
BEGIN
    PERFORM FROM stock_reservation WHERE ref = ANY (p_refs) AND state <> 'released' ORDER BY id FOR UPDATE;
    SELECT array_agg(one ORDER BY one) INTO gone FROM unnest(p_refs) AS one
        WHERE NOT EXISTS (SELECT FROM stock_reservation WHERE ref = one AND state <> 'released');
    IF gone IS NULL THEN
        UPDATE stock_reservation SET expires_at = NULL
            WHERE ref = ANY (p_refs) AND state = 'live' AND expires_at IS NOT NULL;
    END IF;
    RETURN gone;
END $$;
"""

BACKWARD = """
DROP FUNCTION stock_confirm(text[]);
CREATE OR REPLACE FUNCTION stock_reserve(
    p_skus bigint[], p_quantities bigint[], p_refs text[], p_expires_at timestamptz, p_now timestamptz
) RETURNS TABLE (missing_sku bigint, wanted bigint, free bigint) LANGUAGE plpgsql AS $$
DECLARE
    sku bigint;
BEGIN
    RETURN QUERY SELECT * FROM stock_missing(p_skus, p_quantities);
    IF FOUND THEN
        RETURN;
    END IF;
    FOR sku IN SELECT DISTINCT one FROM unnest(p_skus) AS one ORDER BY one LOOP
        PERFORM pg_advisory_xact_lock(hashtextextended('stock', sku));
    END LOOP;
    PERFORM FROM stock_stock WHERE sku_id = ANY (p_skus) ORDER BY sku_id FOR UPDATE;
    RETURN QUERY SELECT * FROM stock_missing(p_skus, p_quantities);
    IF FOUND THEN
        RETURN;
    END IF;
    INSERT INTO stock_reservation (sku_id, ref, quantity, state, made_at, expires_at)
        SELECT line.sku, line.ref, line.quantity, 'live', p_now, p_expires_at
        FROM unnest(p_skus, p_quantities, p_refs) AS line (sku, quantity, ref) ORDER BY line.sku;
END $$;
DROP FUNCTION stock_hold(bigint[], bigint[], text[], timestamptz, timestamptz);
DROP FUNCTION stock_take_turn(bigint[], bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [("stock", "0003_back_in_stock")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
