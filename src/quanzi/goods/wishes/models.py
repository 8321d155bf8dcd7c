"""A member's own list of goods, alerts that were asked for, and what they looked at."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Wish(models.Model):
    """Goods on a member's list. Private: no query shows whose list goods are on."""

    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="wishes")
    product = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["member", "product"], name="wish_once")]
        indexes: ClassVar = [models.Index(fields=["member", "-id"], name="wish_of_member")]


class StockAlert(models.Model):
    """ "Tell me when this variant is back": open until told, and told once."""

    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="stock_alerts")
    sku = models.ForeignKey("catalogue.Sku", on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "sku"], condition=Q(told_at=None), name="stock_alert_one_open"),
            models.CheckConstraint(
                condition=Q(told_at=None) | Q(told_at__gte=F("asked_at")), name="stock_alert_told_after_asked"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["sku", "id"], condition=Q(told_at=None), name="stock_alert_waiting")]


class Seen(models.Model):
    """Goods that a member looked at, while they keep this in their account."""

    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="seen")
    product = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["member", "product"], name="seen_once")]
        indexes: ClassVar = [models.Index(fields=["member", "-seen_at"], name="seen_newest")]
