"""Sending back is refused only where the law says so, or where the buyer gave it up for this purchase."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("sales", "0004_terms_of_a_line")]

    operations = [
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=Q(received_at=None)
                | Q(return_closes_at__isnull=False)
                | Q(gave_up_return=True)
                | Q(return_rule__in=["fresh", "made_to_order", "digital", "press"]),
                name="order_line_return_refused_by_law_only",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=Q(gave_up_return=False) | Q(return_rule__in=["opened", "activated", "near_expiry", "flawed"]),
                name="order_line_word_where_it_counts",
            ),
        ),
    ]
