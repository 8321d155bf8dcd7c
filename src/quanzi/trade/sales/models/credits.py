"""Money that a buyer paid ahead, and that counts for an order."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from quanzi.trade.sales.models.orders import Order


class OrderCredit(models.Model):
    """A payment for something else (a deposit) that counts for this order: what is left to pay is amount - credit.

    It ends with an order that was cancelled unpaid, and may count for another one then.
    """

    order = models.OneToOneField(Order, primary_key=True, on_delete=models.PROTECT, related_name="credit")
    payment = models.ForeignKey("payments.Payment", on_delete=models.PROTECT, related_name="credits")
    amount_minor = models.BigIntegerField()
    credited_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["payment"], condition=Q(ended_at=None), name="credit_counts_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="credit_of_something"),
        ]
