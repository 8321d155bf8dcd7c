"""A line keeps the terms of return it was ordered under; the database writes them down, whoever orders."""

from django.db import migrations, models

TERMS = """
CREATE FUNCTION sales_write_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT return_rule, return_days INTO NEW.return_rule, NEW.return_days FROM catalogue_product WHERE id = NEW.product_id;
        NEW.gave_up_return := NEW.gave_up_return AND NEW.return_rule IN ('opened', 'activated', 'near_expiry', 'flawed');
    ELSIF (NEW.return_rule, NEW.return_days, NEW.gave_up_return)
        IS DISTINCT FROM (OLD.return_rule, OLD.return_days, OLD.gave_up_return) THEN
        RAISE EXCEPTION 'order line %: the terms of its return are never edited', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sales_terms BEFORE INSERT OR UPDATE OF return_rule, return_days, gave_up_return ON sales_orderline
    FOR EACH ROW EXECUTE FUNCTION sales_write_terms();
"""

TERMS_BACK = """
DROP TRIGGER sales_terms ON sales_orderline;
DROP FUNCTION sales_write_terms();
"""

FILL = """
-- What was received keeps the window it was given; what was not stands under the rule of today.
UPDATE sales_orderline l SET return_days = p.return_days, return_rule = CASE
    WHEN l.received_at IS NULL THEN p.return_rule
    WHEN l.return_closes_at IS NOT NULL THEN 'seven_days'
    WHEN p.return_rule = 'seven_days' THEN 'fresh' ELSE p.return_rule END
FROM catalogue_product p WHERE p.id = l.product_id;
"""

WRITE_LINES = """
-- The lines in the order of the quote, what explains their price, and their goods. A SKU stands in an order once.
CREATE OR REPLACE FUNCTION sales_write_lines(p_row sales_order, p_order jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    skus bigint[];
    quantities bigint[];
    refs text[];
BEGIN
    WITH written AS (
        INSERT INTO sales_orderline (
            order_id, member_id, sku_id, product_id, title, quantity, list_minor, unit_minor, paid_minor, cost_minor,
            refunded_minor, released_minor, return_rule, gave_up_return)
        SELECT p_row.id, p_row.member_id, line.sku_id, line.product_id, line.title, line.quantity, line.list_minor,
            line.unit_minor, line.paid_minor, line.cost_minor, 0, 0, '',
            coalesce(line.gave_up_return, false)
        FROM ROWS FROM (jsonb_to_recordset(p_order->'lines') AS (
            sku_id bigint, product_id bigint, title text, quantity int, list_minor bigint, unit_minor bigint,
            paid_minor bigint, cost_minor bigint, gave_up_return boolean)) WITH ORDINALITY
            AS line (sku_id, product_id, title, quantity, list_minor, unit_minor, paid_minor, cost_minor,
                gave_up_return, position)
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

WRITE_LINES_BACK = """
-- The lines in the order of the quote, what explains their price, and their goods. A SKU stands in an order once.
CREATE OR REPLACE FUNCTION sales_write_lines(p_row sales_order, p_order jsonb) RETURNS void LANGUAGE plpgsql AS $$
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


class Migration(migrations.Migration):
    dependencies = [("sales", "0003_place_and_pay"), ("catalogue", "0007_given_up_for_this_purchase")]

    operations = [
        migrations.AddField(
            model_name="orderline",
            name="gave_up_return",
            field=models.BooleanField(
                default=False,
                help_text="The buyer confirmed, for this purchase, that it cannot be sent back without a reason",
            ),
        ),
        migrations.AddField(
            model_name="orderline", name="return_days", field=models.PositiveSmallIntegerField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="orderline",
            name="return_rule",
            field=models.CharField(
                blank=True,
                default="",
                max_length=20,
                help_text="Written by the database: the product's rule when it was ordered",
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(WRITE_LINES, WRITE_LINES_BACK),
        migrations.RunSQL(TERMS, TERMS_BACK),
    ]
