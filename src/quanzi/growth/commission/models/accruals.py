"""Commission: only on a paid order line, at most two levels, payable only on goods kept. Nothing here can pay for heads."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class CommissionRule(models.Model):
    """Rate in basis points of what was really paid. Depth 2 needs a signed permission; depth 3 cannot be written."""

    name = models.CharField(max_length=60)
    depth = models.PositiveSmallIntegerField(default=1)
    rate_bp = models.PositiveIntegerField()
    signed_by = models.ForeignKey("accounts.Member", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(depth=1) | (Q(depth=2) & Q(signed_by__isnull=False) & Q(signed_at__isnull=False)),
                name="commission_depth_one_or_signed_two",
            ),
            models.CheckConstraint(condition=Q(rate_bp__lte=3000), name="commission_rate_at_most_thirty_percent"),
        ]


class AccrualState(models.TextChoices):
    WAITING = "waiting", _("Waiting until the goods are kept")
    PAYABLE = "payable", _("Payable")
    PAID = "paid", _("Paid out")
    REVERSED = "reversed", _("Taken back")


class Accrual(models.Model):
    line = models.ForeignKey("sales.OrderLine", on_delete=models.PROTECT, related_name="accruals")
    beneficiary = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="accruals")
    buyer = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="+")
    rule = models.ForeignKey(CommissionRule, on_delete=models.PROTECT, related_name="accruals")
    depth = models.PositiveSmallIntegerField(default=1)
    amount_minor = models.BigIntegerField()
    reversed_minor = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=AccrualState.choices, default=AccrualState.WAITING)
    created_at = models.DateTimeField()
    payable_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "depth"], name="accrual_once_per_line_and_depth"),
            models.CheckConstraint(condition=~Q(beneficiary=F("buyer")), name="accrual_never_to_the_buyer"),
            models.CheckConstraint(condition=Q(depth__in=[1, 2]), name="accrual_depth_at_most_two"),
            models.CheckConstraint(
                condition=Q(amount_minor__gte=0) & Q(reversed_minor__gte=0) & Q(reversed_minor__lte=F("amount_minor")),
                name="accrual_reversal_within_amount",
            ),
        ]
