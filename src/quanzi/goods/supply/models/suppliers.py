"""Suppliers, the people who log in for them, and which of our goods they can send."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Supplier(models.Model):
    """A grower, workshop or wholesaler that we buy from."""

    name = models.CharField(max_length=60, unique=True)
    contact = models.CharField(max_length=60, blank=True, help_text="Whom to ask for, and how")
    place = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=200, blank=True)
    sends_direct = models.BooleanField(default=False, help_text="Sends single parcels to our buyers")
    is_checked = models.BooleanField(default=False, help_text="What they send waits for our quality check")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class SupplierPerson(models.Model):
    """A member who acts for a supplier from `since` until `ended_at`."""

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="people")
    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="supplies")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["supplier", "member"], condition=Q(ended_at=None), name="supplier_person_once"
            )
        ]


class SupplierGoods(models.Model):
    """One of our variants that a supplier can send. cost_minor: what one unit costs us; pack_of: sold in whole packs of so many.

    is_first: asked first when several suppliers can send it.
    """

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="goods")
    sku = models.ForeignKey("catalogue.Sku", on_delete=models.PROTECT, related_name="supplied_by")
    their_code = models.CharField(max_length=40, blank=True)
    cost_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CNY")
    pack_of = models.PositiveIntegerField(default=1)
    lead_days = models.PositiveSmallIntegerField(default=1)
    is_first = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["supplier", "sku"], name="supplier_goods_once"),
            models.UniqueConstraint(
                fields=["sku"], condition=Q(is_first=True, is_active=True), name="supplier_goods_one_first"
            ),
            models.CheckConstraint(condition=Q(cost_minor__gte=0), name="supplier_cost_not_negative"),
            models.CheckConstraint(condition=Q(pack_of__gte=1), name="supplier_pack_of_something"),
        ]
