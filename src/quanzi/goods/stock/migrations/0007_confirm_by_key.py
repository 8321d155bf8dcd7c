"""Confirming finds its rows by their key.

Asked for live rows with an expiry, a plan that is kept may walk the index of everything that expires: as long as there are unpaid orders.
"""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION stock_confirm(p_refs text[]) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    found_refs text[];
    to_confirm bigint[];
    gone text[];
BEGIN
    SELECT array_agg(ref), array_agg(id) FILTER (WHERE state = 'live' AND expires_at IS NOT NULL) INTO found_refs, to_confirm
        FROM (SELECT id, ref, state, expires_at FROM stock_reservation
              WHERE ref = ANY (p_refs) AND state <> 'released' ORDER BY id FOR UPDATE) AS held;
    SELECT array_agg(one ORDER BY one) INTO gone FROM unnest(p_refs) AS one WHERE one <> ALL (coalesce(found_refs, '{}'));
    IF gone IS NULL THEN
        UPDATE stock_reservation SET expires_at = NULL WHERE id = ANY (to_confirm);
    END IF;
    RETURN gone;
END $$;
"""

BACKWARD = """
CREATE OR REPLACE FUNCTION stock_confirm(p_refs text[]) RETURNS text[] LANGUAGE plpgsql AS $$
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


class Migration(migrations.Migration):
    dependencies = [("stock", "0006_few_left")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
