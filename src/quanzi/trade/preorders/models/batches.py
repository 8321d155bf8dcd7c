"""What is planned: a small batch, made when enough deposits are paid."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class PreorderState(models.TextChoices):
    OPEN = "open", _("Taking deposits")
    MADE = "made", _("The batch is made")
    DONE = "done", _("Everything is on its way")
    MISSED = "missed", _("Too few took part")
    CALLED_OFF = "called_off", _("Called off")


class Preorder(models.Model):
    """Deposits are taken in [opens_at, closes_at). Counts are units: `threshold` must be paid for, `most` can be made.

    `taken` counts units whose deposit is paid and whose place lives. Goods leave by `promised_on`. Terms are never edited; the
    date is moved by a `DateChange` that asks everybody. Balances are paid in [balance_from, balance_until).
    """

    title = models.CharField(max_length=40)
    story = models.CharField(max_length=400, blank=True, help_text=_("Who makes it, of what, and why in a small batch"))
    product = models.ForeignKey("catalogue.Product", on_delete=models.PROTECT, related_name="preorders")
    threshold = models.PositiveIntegerField()
    most = models.PositiveIntegerField()
    limit_each = models.PositiveIntegerField(default=2, help_text=_("Units that one person may take"))
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    balance_days = models.PositiveIntegerField(default=7)
    promised_on = models.DateField()
    state = models.CharField(max_length=10, choices=PreorderState.choices, default=PreorderState.OPEN)
    taken = models.PositiveIntegerField(default=0)
    reached_at = models.DateTimeField(null=True, blank=True, help_text=_("When the threshold was first reached"))
    decided_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When the batch was made, missed or called off")
    )
    balance_from = models.DateTimeField(null=True, blank=True)
    balance_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When nothing was left to do, or it was given up")
    )
    end_reason = models.CharField(max_length=200, blank=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(opens_at__lt=F("closes_at")), name="preorder_times_in_order"),
            models.CheckConstraint(
                condition=Q(threshold__gte=1) & Q(threshold__lte=F("most")), name="preorder_threshold_within_most"
            ),
            models.CheckConstraint(condition=Q(taken__lte=F("most")), name="preorder_taken_within_most"),
            models.CheckConstraint(
                condition=Q(limit_each__gte=1, balance_days__gte=1, balance_days__lte=60), name="preorder_limits_sound"
            ),
            models.CheckConstraint(condition=Q(state__in=PreorderState.values), name="preorder_state_known"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None) | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="preorder_decided_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(balance_from=None, balance_until=None)
                | (Q(balance_from__lt=F("balance_until")) & ~Q(state__in=["open", "missed"])),
                name="preorder_balance_after_the_batch",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["closes_at"], condition=Q(state="open"), name="preorder_due"),
            models.Index(fields=["state", "-id"], name="preorder_by_state"),
        ]

    def __str__(self) -> str:
        return self.title


class PreorderGood(models.Model):
    """One variant of the batch: what one costs in full, and what of that is paid ahead."""

    preorder = models.ForeignKey(Preorder, on_delete=models.PROTECT, related_name="goods")
    sku = models.ForeignKey("catalogue.Sku", on_delete=models.PROTECT, related_name="preorder_goods")
    price_minor = models.BigIntegerField()
    deposit_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CNY")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["preorder", "sku"], name="preorder_good_once"),
            models.CheckConstraint(
                condition=Q(deposit_minor__gt=0) & Q(deposit_minor__lt=F("price_minor")),
                name="preorder_deposit_below_price",
            ),
        ]
