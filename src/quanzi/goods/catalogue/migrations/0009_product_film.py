"""Goods may carry a film beside their pictures."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies: ClassVar = [("catalogue", "0008_paused_lots"), ("films", "0001_initial")]
    operations: ClassVar = [
        migrations.CreateModel(
            "ProductFilm",
            [
                (
                    "product",
                    models.OneToOneField(
                        to="catalogue.product", primary_key=True, serialize=False, related_name="product_film",
                        on_delete=django.db.models.deletion.CASCADE,
                    ),
                ),
                ("words", models.TextField(blank=True, max_length=5000)),
                ("is_silent", models.BooleanField(default=False)),
                (
                    "film",
                    models.OneToOneField(
                        to="films.film", related_name="product_film", on_delete=django.db.models.deletion.PROTECT
                    ),
                ),
            ],
            {
                "constraints": [
                    models.CheckConstraint(condition=Q(is_silent=True) | ~Q(words=""), name="product_film_can_be_read")
                ]
            },
        ),
    ]  # fmt: skip
