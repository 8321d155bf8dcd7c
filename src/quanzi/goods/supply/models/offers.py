"""Lots that lie at a supplier's and can be ordered of, or sold from where they lie."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from quanzi.goods.catalogue.models import StorageCondition


class Offer(models.Model):
    """A lot that a supplier offers. taken: kept by the database, the sum of the claims that were not given back."""

    goods = models.ForeignKey("supply.SupplierGoods", on_delete=models.PROTECT, related_name="offers")
    code = models.CharField(max_length=40, help_text="The supplier's own word for the lot")
    quantity = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)
    cost_minor = models.BigIntegerField(help_text="Of one unit")
    made_on = models.DateField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    storage = models.CharField(max_length=10, choices=StorageCondition.choices, default=StorageCondition.AMBIENT)
    note = models.CharField(max_length=200, blank=True)
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey("accounts.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Withdrawn: nothing more is taken of it")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["goods", "code"], name="offer_code_once"),
            models.CheckConstraint(condition=Q(taken__lte=F("quantity")), name="offer_taken_within_quantity"),
            models.CheckConstraint(condition=Q(quantity__gt=0) & Q(cost_minor__gte=0), name="offer_of_something"),
        ]
        indexes: ClassVar = [models.Index(fields=["goods", "-id"], name="offer_of_goods")]

    @property
    def free(self) -> int:
        return 0 if self.ended_at else self.quantity - self.taken


class OfferClaim(models.Model):
    """Units of an offer that are ours under `ref` (like "purchase_line:12"), until they are given back."""

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="claims")
    ref = models.CharField(max_length=60)
    quantity = models.PositiveIntegerField()
    claimed_at = models.DateTimeField()
    given_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["offer", "ref"], condition=Q(given_back_at=None), name="offer_claim_once_for_ref"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="offer_claim_of_something"),
        ]
