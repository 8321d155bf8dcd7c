"""What a member may want to order."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class CartLine(models.Model):
    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="cart_lines")
    sku = models.ForeignKey("catalogue.Sku", on_delete=models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "sku"], name="cart_line_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1) & Q(quantity__lte=999), name="cart_line_quantity"),
        ]
