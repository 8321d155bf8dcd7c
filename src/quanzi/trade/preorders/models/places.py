"""Who takes part: a place is asked for, counts when its deposit is paid, and ends with an order or with the money back."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quanzi.trade.preorders.models.batches import Preorder, PreorderGood


class PlaceState(models.TextChoices):
    ASKED = "asked", _("Waiting for the deposit")
    HELD = "held", _("Deposit paid")
    SETTLED = "settled", _("Paid in full")
    RETURNED = "returned", _("All the money went back")
    GONE = "gone", _("Ended before anything was paid")


class Place(models.Model):
    """`quantity` units for one member; `deposit_minor` for all of them. `order`: of the balance, while it waits or is paid."""

    preorder = models.ForeignKey(Preorder, on_delete=models.PROTECT, related_name="places")
    good = models.ForeignKey(PreorderGood, on_delete=models.PROTECT, related_name="places")
    member = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="preorder_places")
    quantity = models.PositiveIntegerField()
    deposit_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CNY")
    idempotency_key = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=PlaceState.choices, default=PlaceState.ASKED)
    asked_at = models.DateTimeField()
    pay_by = models.DateTimeField(help_text=_("Until when the deposit is waited for"))
    held_at = models.DateTimeField(null=True, blank=True)
    order = models.OneToOneField(
        "sales.Order", null=True, blank=True, on_delete=models.PROTECT, related_name="preorder_place"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "idempotency_key"], name="place_key_once"),
            models.UniqueConstraint(
                fields=["preorder", "member"], condition=Q(ended_at=None), name="place_one_for_each_member"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1, deposit_minor__gt=0), name="place_of_something"),
            models.CheckConstraint(condition=Q(state__in=PlaceState.values), name="place_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "gone"]) | Q(held_at__isnull=False), name="place_held_has_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "held", "settled"], ended_at=None)
                | Q(state__in=["returned", "gone"], ended_at__isnull=False),
                name="place_ended_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="settled") | Q(order__isnull=False, settled_at__isnull=False),
                name="place_settled_has_an_order",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["preorder", "id"], name="place_of_preorder"),
            models.Index(fields=["pay_by"], condition=Q(state="asked"), name="place_asked_until"),
        ]
