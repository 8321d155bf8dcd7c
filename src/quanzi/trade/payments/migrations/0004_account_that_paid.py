"""What a provider said of an order's payer is found by the order's number: two members whose orders one account paid speak with one voice."""

from django.db import migrations

FORWARD = """
CREATE INDEX notification_payer ON payments_notification ((content ->> 'out_trade_no'))
    WHERE content -> 'payer' ->> 'openid' IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_again")]

    operations = [migrations.RunSQL(FORWARD, "DROP INDEX notification_payer")]
