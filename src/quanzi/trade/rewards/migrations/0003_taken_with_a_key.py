"""A coupon is taken once for each key of its member."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rewards", "0002_guards")]

    operations = [
        migrations.AddConstraint(
            model_name="takencoupon",
            constraint=models.UniqueConstraint(
                condition=models.Q(("given_by", None), models.Q(("key", ""), _negated=True)),
                fields=("member", "key"),
                name="taken_coupon_own_key_once",
            ),
        )
    ]
