"""What was really charged for goods: the lowest of seven days, else the last one. Nobody can write a struck price; it is found here."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION sales_lowest_charged(goods bigint, before timestamptz) RETURNS bigint LANGUAGE sql STABLE AS $$
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
    dependencies = [("sales", "0007_paid_ahead")]

    operations = [migrations.RunSQL(FORWARD, "DROP FUNCTION sales_lowest_charged(bigint, timestamptz)")]
