"""What was charged is what was asked at the sale: a refund leaves it as it was, unless the price itself was agreed to fall."""

from django.db import migrations, models

LADDERS = """
ALTER TABLE sales_orderrefund DISABLE TRIGGER sales_append_only;
UPDATE sales_orderrefund SET lowers_price = true WHERE reason = 'ladder' AND actor = 'system';
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE sales_orderrefund ENABLE TRIGGER sales_append_only;
"""

CHARGED = """
CREATE OR REPLACE FUNCTION sales_lowest_charged(goods bigint, before timestamptz) RETURNS bigint LANGUAGE sql STABLE AS $$
WITH charged AS (
    SELECT (l.paid_minor - fallen.minor) / l.quantity AS unit_minor, o.paid_at,
           l.returned_at IS NULL AND l.refunded_minor < l.paid_minor AS stands
      FROM sales_orderline l JOIN sales_order o ON o.id = l.order_id
      CROSS JOIN LATERAL (SELECT coalesce(sum(p.amount_minor), 0)::bigint AS minor FROM sales_refundpart p
                            JOIN sales_orderrefund r ON r.id = p.refund_id AND r.lowers_price
                           WHERE p.line_id = l.id AND l.refunded_minor > 0) fallen
     WHERE l.sku_id = goods AND o.paid_at < before AND o.state NOT IN ('placed', 'cancelled')
       AND l.paid_minor > 0 AND l.dropped_at IS NULL)
SELECT coalesce((SELECT min(unit_minor) FROM charged WHERE paid_at >= before - interval '7 days' HAVING bool_or(stands)),
                (SELECT unit_minor FROM charged WHERE stands ORDER BY paid_at DESC, unit_minor LIMIT 1))
$$;
"""

BACK = """
CREATE OR REPLACE FUNCTION sales_lowest_charged(goods bigint, before timestamptz) RETURNS bigint LANGUAGE sql STABLE AS $$
WITH charged AS (
    SELECT (l.paid_minor - l.refunded_minor) / l.quantity AS unit_minor, o.paid_at
      FROM sales_orderline l JOIN sales_order o ON o.id = l.order_id
     WHERE l.sku_id = goods AND o.paid_at < before AND o.state NOT IN ('placed', 'cancelled', 'refunded')
       AND l.refunded_minor < l.paid_minor AND l.returned_at IS NULL)
SELECT coalesce((SELECT min(unit_minor) FROM charged WHERE paid_at >= before - interval '7 days'),
                (SELECT unit_minor FROM charged ORDER BY paid_at DESC, unit_minor LIMIT 1))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("sales", "0009_kept_by_whom")]

    operations = [
        migrations.AddField(
            model_name="orderrefund",
            name="lowers_price",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunSQL(LADDERS, migrations.RunSQL.noop),
        migrations.RunSQL(CHARGED, BACK),
    ]
