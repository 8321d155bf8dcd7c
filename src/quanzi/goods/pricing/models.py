"""Freight templates: what it costs to send goods where. A template is read and changed as a whole."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class FreightTemplate(models.Model):
    """areas: list of areas.Area as JSON, in the order of the page. The default one holds for goods that name none."""

    name = models.CharField(max_length=40, unique=True)
    areas = models.JSONField(default=list)
    is_default = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="freight_one_default"),
        ]

    def __str__(self) -> str:
        return self.name


class ProductFreight(models.Model):
    """Goods that are sent by a template of their own."""

    product = models.OneToOneField(
        "catalogue.Product", primary_key=True, on_delete=models.CASCADE, related_name="freight"
    )
    template = models.ForeignKey(FreightTemplate, on_delete=models.PROTECT, related_name="products")


class BuildUp(models.Model):
    """What of the price of one unit goes to whom; the rest is the shop's, so that it sums to any price. Minor units."""

    sku = models.OneToOneField("catalogue.Sku", primary_key=True, on_delete=models.CASCADE, related_name="build_up")
    goods_minor = models.BigIntegerField()
    delivery_minor = models.BigIntegerField()
    leader_minor = models.BigIntegerField()
    is_shown = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(goods_minor__gte=0) & Q(delivery_minor__gte=0) & Q(leader_minor__gte=0),
                name="build_up_parts_not_negative",
            ),
        ]
