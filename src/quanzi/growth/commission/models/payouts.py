"""Commission on its way out: to which account, one statement for each payout, and what stands on it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class PayoutMethod(models.TextChoices):
    BANK = "bank", _("Bank account")
    ALIPAY = "alipay", _("Alipay")
    WECHAT = "wechat", _("WeChat")


class PayoutAccount(models.Model):
    """Where a member's commission goes. Never edited: another account is another row, and waits a day before money follows it.

    sealed: the number, encrypted with a key that is not in the database; tail: its last four characters, to recognise it by.
    """

    member = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="+")
    method = models.CharField(max_length=8, choices=PayoutMethod.choices)
    holder = models.CharField(max_length=60)
    sealed = models.TextField()
    tail = models.CharField(max_length=4)
    added_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(retired_at=None), name="payout_account_one_for_a_member"
            ),
            models.CheckConstraint(condition=Q(method__in=PayoutMethod.values), name="payout_account_method_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()} ···· {self.tail}"


class PayoutState(models.TextChoices):
    ASKED = "asked", _("Waiting for a second person")
    APPROVED = "approved", _("To be sent")
    SENT = "sent", _("On its way")
    DONE = "done", _("Arrived")
    FAILED = "failed", _("Not paid")


OPEN = (PayoutState.ASKED, PayoutState.APPROVED)


class Payout(models.Model):
    """Everything payable to one person at one moment, as one transfer. One that failed frees its lines for another."""

    beneficiary = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="payouts")
    account = models.ForeignKey(PayoutAccount, on_delete=models.PROTECT, related_name="payouts")
    amount_minor = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=PayoutState.choices, default=PayoutState.ASKED)
    key = models.CharField(max_length=120, unique=True)
    needs_second = models.BooleanField()
    made_by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    approval = models.OneToOneField(
        "approvals.Approval", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_by = models.ForeignKey(
        "accounts.Member", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    reference = models.CharField(max_length=64, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payout_above_zero"),
            models.CheckConstraint(condition=Q(state__in=PayoutState.values), name="payout_state_known"),
            models.UniqueConstraint(
                fields=["beneficiary"], condition=Q(state__in=OPEN), name="payout_one_open_for_a_person"
            ),
            models.CheckConstraint(
                condition=Q(needs_second=False) | Q(approved_by=None) | ~Q(approved_by=F("made_by")),
                name="payout_above_the_limit_by_two",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", approved_by=None)
                | Q(state="failed")
                | Q(state__in=["approved", "sent", "done"], approved_by__isnull=False, approved_at__isnull=False),
                name="payout_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "done"]) | (Q(sent_at__isnull=False) & ~Q(reference="")),
                name="payout_sent_has_a_reference",
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(reason=""), name="payout_failed_has_a_reason"),
        ]
        indexes: ClassVar = [models.Index(fields=["beneficiary", "-id"], name="payout_of_person")]

    def __str__(self) -> str:
        return f"payout:{self.pk}"


class LineKind(models.TextChoices):
    EARNED = "earned", _("Earned")
    BACK = "back", _("Taken back after it was paid")


class PayoutLine(models.Model):
    """What one accrual adds to a payout, or takes off when its goods went back after it was paid.

    reversed_minor: what had been taken back of the accrual when the line was written. is_live: its payout has not failed.
    """

    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="lines")
    accrual = models.ForeignKey("commission.Accrual", on_delete=models.PROTECT, related_name="payout_lines")
    kind = models.CharField(max_length=6, choices=LineKind.choices)
    amount_minor = models.BigIntegerField()
    reversed_minor = models.BigIntegerField()
    is_live = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["accrual"], condition=Q(is_live=True, kind="earned"), name="payout_line_earned_once"
            ),
            models.UniqueConstraint(
                fields=["accrual", "reversed_minor"],
                condition=Q(is_live=True, kind="back"),
                name="payout_line_taken_back_once",
            ),
            models.UniqueConstraint(fields=["payout", "accrual"], name="payout_line_once_in_a_payout"),
            models.CheckConstraint(
                condition=Q(kind="earned", amount_minor__gt=0) | Q(kind="back", amount_minor__lt=0),
                name="payout_line_kind_has_its_sign",
            ),
        ]
