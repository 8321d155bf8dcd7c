"""What the people around a reader kept is read from an index alone: a shop front asks for it with hundreds of people."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sales", "0008_lowest_charged")]

    operations = [
        migrations.AddIndex(
            model_name="orderline",
            index=models.Index(
                condition=models.Q(("kept_at__isnull", False)),
                fields=["member", "product", "kept_at"],
                name="order_line_kept_by",
            ),
        ),
    ]
