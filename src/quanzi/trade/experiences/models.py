"""A post tied to a kept order line. With stars it is a review. There is no other way to write one."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Experience(models.Model):
    post = models.OneToOneField("posts.Post", primary_key=True, on_delete=models.CASCADE, related_name="experience")
    line = models.OneToOneField("sales.OrderLine", on_delete=models.PROTECT, related_name="experience")
    product = models.ForeignKey("catalogue.Product", on_delete=models.PROTECT, related_name="experiences")
    member = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="experiences")
    stars = models.PositiveSmallIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()
    voided_at = models.DateTimeField(
        null=True, blank=True, help_text="Set when the line is returned later: the words stay, the count does not"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(stars=None) | Q(stars__range=(1, 5)), name="experience_stars_one_to_five"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["product", "-post"], condition=Q(voided_at=None), name="experience_of_product")
        ]
