"""Rules of return that hold only when the buyer confirms them for the one purchase."""

from django.db import migrations, models

RULES = [
    ("seven_days", "Seven days, without a reason"),
    ("fresh", "Fresh goods: claims within the claim window"),
    ("made_to_order", "Made to order: faults only"),
    ("digital", "Downloads, unsealed recordings and software: faults only"),
    ("press", "Newspapers and periodicals: faults only"),
    ("opened", "Health and safety goods: not once opened, if the buyer confirms it"),
    ("activated", "Loses much of its worth once activated or tried, if the buyer confirms it"),
    ("near_expiry", "Sold near its expiry, if the buyer confirms it"),
    ("flawed", "Sold with a flaw that is told, if the buyer confirms it"),
]


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0006_sold_apart")]

    operations = [
        migrations.RemoveConstraint(model_name="product", name="product_return_at_least_seven"),
        migrations.AlterField(
            model_name="product",
            name="return_rule",
            field=models.CharField(choices=RULES, default="seven_days", max_length=20),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("return_days__gte", 7),
                    models.Q(
                        ("return_rule__in", ["seven_days", "opened", "activated", "near_expiry", "flawed"]),
                        _negated=True,
                    ),
                    _connector="OR",
                ),
                name="product_return_at_least_seven",
            ),
        ),
    ]
