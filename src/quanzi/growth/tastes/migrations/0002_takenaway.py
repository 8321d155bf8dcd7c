"""What the shop took away again, so that a maker does not tick it anew."""

import django.db.models.deletion
from django.db import migrations, models

TASTES = [
    ("by_hand", "Made by hand"),
    ("small_batch", "Small batches"),
    ("old_way", "The old way"),
    ("near", "From near by"),
    ("mountains", "From the mountains"),
    ("sea", "From the sea"),
    ("wood", "Wood and bamboo"),
    ("clay", "Clay and glass"),
    ("cotton", "Cotton and linen"),
    ("nothing_added", "Nothing added"),
    ("little_sugar", "Little sugar"),
    ("for_children", "For children"),
]


class Migration(migrations.Migration):
    dependencies = [("tastes", "0001_initial"), ("catalogue", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="TakenAway",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("taste", models.CharField(choices=TASTES, max_length=16)),
                ("at", models.DateTimeField()),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="catalogue.product"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("product", "taste"), name="taken_away_once")],
            },
        )
    ]
