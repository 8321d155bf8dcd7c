"""Freight templates: what it costs to send goods where. A template is read and changed as a whole."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


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


class TimedPrice(models.Model):
    """A price of one unit that holds for everybody in [starts_at, ends_at), in cart and checkout. source: who set it ("day:12").

    Written by the room that it belongs to, through `timed`, and never edited; the labels tell the buyer why.
    """

    sku = models.ForeignKey("catalogue.Sku", on_delete=models.CASCADE, related_name="timed_prices")
    price_minor = models.BigIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    source = models.CharField(max_length=40)
    label_zh = models.CharField(max_length=80)
    label_en = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sku", "source"], name="timed_price_once"),
            models.CheckConstraint(condition=Q(price_minor__gt=0), name="timed_price_positive"),
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="timed_price_times_in_order"),
        ]
        indexes: ClassVar = [models.Index(fields=["sku", "ends_at"], name="timed_price_of_sku")]


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
