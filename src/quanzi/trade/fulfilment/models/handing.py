"""Getting goods to people: preparing, hand-over, receipt."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class FulfilmentState(models.TextChoices):
    WAITING = "waiting", _("To prepare")
    READY = "ready", _("Ready for pickup")
    PARTLY = "partly", _("Partly shipped")
    SHIPPED = "shipped", _("Shipped")
    HANDED_OVER = "handed_over", _("Handed over")
    CANCELLED = "cancelled", _("Cancelled")


class Fulfilment(models.Model):
    """How one order reaches its buyer. `pickup_code` is told to the buyer only, and used once.

    carrier, tracking: of the parcel that left last; each parcel has its own.
    """

    order = models.OneToOneField("sales.Order", on_delete=models.PROTECT, related_name="fulfilment")
    state = models.CharField(max_length=12, choices=FulfilmentState.choices, default=FulfilmentState.WAITING)
    carrier = models.CharField(max_length=40, blank=True)
    tracking = models.CharField(max_length=60, blank=True)
    pickup_code = models.CharField(max_length=8, blank=True)
    created_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    handed_over_by = models.ForeignKey(
        "accounts.Member", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["pickup_code"],
                condition=Q(state__in=["waiting", "ready"]) & ~Q(pickup_code=""),
                name="pickup_code_live_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="handed_over") | Q(handed_over_at__isnull=False),
                name="fulfilment_handed_over_has_a_time",
            ),
        ]


class LineLot(models.Model):
    """Which lot of an order line was handed over, and how many."""

    fulfilment = models.ForeignKey(Fulfilment, on_delete=models.CASCADE, related_name="line_lots")
    line = models.ForeignKey("sales.OrderLine", on_delete=models.PROTECT, related_name="line_lots")
    lot = models.ForeignKey("catalogue.Lot", on_delete=models.PROTECT, related_name="line_lots")
    quantity = models.PositiveIntegerField()
    handed_over_at = models.DateTimeField()
    parcel = models.ForeignKey(
        "fulfilment.Parcel", null=True, blank=True, on_delete=models.PROTECT, related_name="line_lots"
    )


class CodeGuesses(models.Model):
    """Wrong pickup codes of one person, or for one order ("member:7", "order:12"), since the last right one or pause."""

    MOST = 5

    subject = models.CharField(max_length=30, unique=True)
    wrong = models.PositiveSmallIntegerField(default=0)
    wrong_at = models.DateTimeField(null=True, blank=True)
    paused_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(wrong__lt=5), name="code_guesses_pause_after_five"),
        ]
