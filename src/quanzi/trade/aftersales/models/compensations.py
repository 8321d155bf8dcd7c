"""What the shop pays a buyer beyond what they had paid. It is no refund: the line stays as it is."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CompensationReason(models.TextChoices):
    GOODWILL = "goodwill", _("Goodwill")
    COSTS = "costs", _("Costs that the buyer had")
    THREEFOLD = "threefold", _("Three times the price, by law")
    TENFOLD = "tenfold", _("Ten times the price of food, by law")


class CompensationState(models.TextChoices):
    PROMISED = "promised", _("To be paid")
    PAID = "paid", _("Sent to the buyer")
    WITHDRAWN = "withdrawn", _("Taken back")


class PaidBy(models.TextChoices):
    BANK = "bank", _("Bank transfer")
    ALIPAY = "alipay", _("Alipay")
    WECHAT = "wechat", _("WeChat")
    CASH = "cash", _("Cash")


class Compensation(models.Model):
    """Promised in the books at once, then paid once under a reference.

    words: what the buyer reads. send_to: where the buyer would like it, emptied when it is paid or taken back.
    """

    line = models.ForeignKey("sales.OrderLine", on_delete=models.PROTECT, related_name="compensations")
    member = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=10, choices=CompensationReason.choices)
    words = models.CharField(max_length=200)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CNY")
    state = models.CharField(max_length=10, choices=CompensationState.choices, default=CompensationState.PROMISED)
    key = models.CharField(max_length=120, unique=True)
    granted_by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    approval = models.OneToOneField(
        "approvals.Approval", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    send_to = models.CharField(max_length=120, blank=True)
    paid_how = models.CharField(max_length=8, choices=PaidBy.choices, blank=True)
    reference = models.CharField(max_length=64, blank=True)
    ended_by = models.ForeignKey("accounts.Member", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    why_not = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="compensation_above_zero"),
            models.CheckConstraint(condition=~Q(words=""), name="compensation_says_why"),
            models.CheckConstraint(condition=Q(reason__in=CompensationReason.values), name="compensation_reason_known"),
            models.CheckConstraint(condition=Q(paid_how__in=["", *PaidBy.values]), name="compensation_way_known"),
            models.CheckConstraint(
                condition=Q(state="promised", ended_at=None, paid_how="", reference="", why_not="")
                | (Q(state="paid", ended_at__isnull=False, why_not="", send_to="") & ~Q(paid_how="") & ~Q(reference=""))
                | (
                    Q(state="withdrawn", ended_at__isnull=False, paid_how="", reference="", send_to="") & ~Q(why_not="")
                ),
                name="compensation_state_is_whole",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "id"], name="compensation_by_state")]
