"""Placing and paying as one statement each: everything that an order writes, behind the queue for its goods.

Called by services.writing and services.paying, which say what the answers mean; tests/trade/sales/test_stored.py holds
both against the same done row by row. See docs/adr/0019.
"""

from django.db import migrations

PLACE = """
-- p_order: the row of the order as JSON, with `address_id`, `lines`, `steps`, `empties_cart` and `is_awaited` beside it.
-- outcome: placed (told: id and address of the order), known (told: id of the first order under this key), no_address,
-- no_point, missing (told: what there is too little of), number_taken. Only `placed` has written anything.
CREATE FUNCTION sales_place(p_order jsonb, OUT outcome text, OUT told jsonb) LANGUAGE plpgsql AS $$
DECLARE
    wanted sales_order := jsonb_populate_record(NULL::sales_order, p_order);
    address_id bigint := (p_order->>'address_id')::bigint;
    first_id bigint;
    skus bigint[];
    quantities bigint[];
BEGIN
    SELECT id INTO first_id FROM sales_order WHERE member_id = wanted.member_id AND idempotency_key = wanted.idempotency_key;
    IF FOUND THEN
        outcome := 'known'; told := to_jsonb(first_id); RETURN;
    END IF;
    wanted.ship_to := '{}';
    IF wanted.method = 'pickup' THEN
        IF NOT EXISTS (SELECT FROM sales_pickuppoint WHERE id = wanted.pickup_point_id AND is_open) THEN
            outcome := 'no_point'; RETURN;
        END IF;
    ELSE
        SELECT jsonb_build_object('recipient', recipient, 'phone', phone, 'region_code', region_code, 'region_name', region_name,
                                  'detail', detail)
            INTO wanted.ship_to FROM accounts_address
            WHERE id = address_id AND member_id = wanted.member_id AND removed_at IS NULL;
        IF NOT FOUND THEN
            outcome := 'no_address'; RETURN;
        END IF;
    END IF;

    SELECT array_agg(sku_id), array_agg(quantity) INTO skus, quantities
        FROM jsonb_to_recordset(p_order->'lines') AS line (sku_id bigint, quantity bigint);
    SELECT jsonb_agg(jsonb_build_array(missing_sku, missing.wanted, free)) INTO told
        FROM stock_take_turn(skus, quantities) AS missing;
    IF told IS NOT NULL THEN
        -- Perhaps the last of them went to this very order, in another request.
        SELECT id INTO first_id FROM sales_order WHERE member_id = wanted.member_id AND idempotency_key = wanted.idempotency_key;
        IF FOUND THEN
            outcome := 'known'; told := to_jsonb(first_id);
        ELSE
            outcome := 'missing';
        END IF;
        RETURN;
    END IF;

    INSERT INTO sales_order (
        number, member_id, state, origin, currency, goods_minor, freight_minor, discount_minor, amount_minor,
        refunded_minor, freight_refunded_minor, freight_released_minor, method, pickup_point_id, ship_to, note,
        waits_for, idempotency_key, request_hash, placed_at, pay_by, end_reason, moved_at, moved_by, move_cause)
    VALUES (
        wanted.number, wanted.member_id, 'placed', wanted.origin, wanted.currency, wanted.goods_minor, wanted.freight_minor,
        wanted.discount_minor, wanted.amount_minor, 0, 0, 0, wanted.method, wanted.pickup_point_id, wanted.ship_to,
        wanted.note, wanted.waits_for, wanted.idempotency_key, wanted.request_hash, wanted.placed_at, wanted.pay_by, '',
        wanted.placed_at, wanted.moved_by, 'placed')
    ON CONFLICT DO NOTHING RETURNING id INTO wanted.id;
    IF NOT FOUND THEN
        SELECT id INTO first_id FROM sales_order WHERE member_id = wanted.member_id AND idempotency_key = wanted.idempotency_key;
        outcome := CASE WHEN FOUND THEN 'known' ELSE 'number_taken' END;
        told := to_jsonb(first_id);
        RETURN;
    END IF;
    PERFORM sales_write_lines(wanted, p_order);
    IF (p_order->>'empties_cart')::boolean THEN
        DELETE FROM sales_cartline WHERE member_id = wanted.member_id AND sku_id = ANY (skus);
    END IF;
    PERFORM events_record(
        'sales.OrderPlaced', 'order:' || wanted.id,
        jsonb_build_object('order_id', wanted.id, 'origin', wanted.origin, 'member_id', wanted.member_id,
                           'amount_minor', wanted.amount_minor),
        wanted.placed_at, (p_order->>'is_awaited')::boolean);
    outcome := 'placed';
    told := jsonb_build_object('id', wanted.id, 'ship_to', wanted.ship_to);
END $$;

-- The lines in the order of the quote, what explains their price, and their goods. A SKU stands in an order once.
CREATE FUNCTION sales_write_lines(p_row sales_order, p_order jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    skus bigint[];
    quantities bigint[];
    refs text[];
BEGIN
    WITH written AS (
        INSERT INTO sales_orderline (
            order_id, member_id, sku_id, product_id, title, quantity, list_minor, unit_minor, paid_minor, cost_minor,
            refunded_minor, released_minor)
        SELECT p_row.id, p_row.member_id, line.sku_id, line.product_id, line.title, line.quantity, line.list_minor,
            line.unit_minor, line.paid_minor, line.cost_minor, 0, 0
        FROM ROWS FROM (jsonb_to_recordset(p_order->'lines') AS (
            sku_id bigint, product_id bigint, title text, quantity int, list_minor bigint, unit_minor bigint,
            paid_minor bigint, cost_minor bigint)) WITH ORDINALITY
            AS line (sku_id, product_id, title, quantity, list_minor, unit_minor, paid_minor, cost_minor, position)
        ORDER BY line.position
        RETURNING id, sku_id, quantity
    ), explained AS (
        INSERT INTO sales_adjustment (order_id, line_id, kind, label_zh, label_en, amount_minor, source)
        SELECT p_row.id, written.id, step.kind, step.label_zh, step.label_en, step.amount_minor, step.source
        FROM ROWS FROM (jsonb_to_recordset(p_order->'steps') AS (
            sku_id bigint, kind text, label_zh text, label_en text, amount_minor bigint, source text)) WITH ORDINALITY
            AS step (sku_id, kind, label_zh, label_en, amount_minor, source, position)
            LEFT JOIN written ON written.sku_id = step.sku_id
        ORDER BY step.position
    )
    SELECT array_agg(sku_id), array_agg(quantity), array_agg('order_line:' || id) INTO skus, quantities, refs FROM written;
    PERFORM stock_hold(skus, quantities, refs, p_row.pay_by, p_row.placed_at);
END $$;
"""

PLACE_BACK = """
DROP FUNCTION sales_place(jsonb);
DROP FUNCTION sales_write_lines(sales_order, jsonb);
"""

PAY = """
-- A locked order becomes paid, at p_now. p_confirms: its goods are held already and stay held; else they were just held again.
-- Returns the refs whose goods are gone (then nothing is written); null when the order is paid.
CREATE FUNCTION sales_pay(
    p_order bigint, p_confirms boolean, p_now timestamptz, p_paid_is_awaited boolean, p_release_is_awaited boolean
) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    refs text[];
    gone text[];
    paid sales_order;
    is_first boolean;
BEGIN
    IF p_confirms THEN
        SELECT array_agg('order_line:' || id) INTO refs FROM sales_orderline WHERE order_id = p_order;
        gone := stock_confirm(refs);
        IF gone IS NOT NULL THEN
            RETURN gone;
        END IF;
    END IF;
    UPDATE sales_order SET state = 'paid', paid_at = p_now, ended_at = NULL, end_reason = '',
        released_at = CASE WHEN waits_for = '' THEN p_now ELSE released_at END,
        moved_at = p_now, move_cause = 'payment', moved_by = 'payments'
        WHERE id = p_order RETURNING * INTO paid;
    is_first := NOT EXISTS (
        SELECT FROM sales_order WHERE member_id = paid.member_id AND paid_at IS NOT NULL AND id <> p_order);
    PERFORM events_record(
        'sales.OrderPaid', 'order:' || p_order,
        jsonb_build_object('order_id', p_order, 'origin', paid.origin, 'member_id', paid.member_id,
                           'amount_minor', paid.amount_minor, 'is_first', is_first),
        p_now, p_paid_is_awaited);
    IF paid.waits_for = '' THEN
        PERFORM events_record(
            'sales.OrderReleased', 'order:' || p_order,
            jsonb_build_object('order_id', p_order, 'origin', paid.origin, 'member_id', paid.member_id),
            p_now, p_release_is_awaited);
    END IF;
    RETURN NULL;
END $$;
"""

PAY_BACK = """
DROP FUNCTION sales_pay(bigint, boolean, timestamptz, boolean, boolean);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("sales", "0002_guards"),
        ("stock", "0004_turns"),
        ("events", "0004_only_what_somebody_awaits"),
        ("accounts", "0001_initial"),
    ]

    operations = [migrations.RunSQL(PLACE, PLACE_BACK), migrations.RunSQL(PAY, PAY_BACK)]
