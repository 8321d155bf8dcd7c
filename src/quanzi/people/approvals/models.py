"""Requests for a second person, and the limits above which they are needed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

LARGEST_MINOR = 10**12


class ApprovalState(models.TextChoices):
    WAITING = "waiting", _("Waiting for a second person")
    APPROVED = "approved", _("Approved and done")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Taken back")
    EXPIRED = "expired", _("Expired")


class Approval(models.Model):
    """One deed that somebody of the staff asks another one to let happen. `request` is what the deed needs to be done."""

    deed = models.CharField(max_length=40)
    target = models.CharField(max_length=100)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CNY")
    reason = models.CharField(max_length=200)
    request: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    key = models.CharField(max_length=120, unique=True)
    asked_by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ApprovalState.choices, default=ApprovalState.WAITING)
    decided_by = models.ForeignKey("accounts.Member", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=100, blank=True, help_text=_("What came of it, like refund:7"))

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["expires_at"], name="approval_waiting", condition=Q(state="waiting")),
            models.Index(fields=["target", "id"], name="approval_target"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="approval_by_a_second_person"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["approved", "declined"], decided_by__isnull=False, decided_at__isnull=False)
                | Q(state__in=["withdrawn", "expired"], decided_by=None, decided_at__isnull=False)
                | Q(state="waiting", decided_by=None, decided_at=None),
                name="approval_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(answer=""), name="approval_declined_with_reason"
            ),
            models.CheckConstraint(condition=~Q(state="approved") | ~Q(outcome=""), name="approval_approved_is_done"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, amount_minor__lte=LARGEST_MINOR), name="approval_amount_positive"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("asked_at")), name="approval_expires_later"),
        ]

    def __str__(self) -> str:
        return f"{self.deed} {self.target}"


class Limit(models.Model):
    """Up to which amount one person acts alone; without a row the usual amount of rules.py holds."""

    name = models.CharField(max_length=40, unique=True)
    amount_minor = models.BigIntegerField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount_minor__gte=0, amount_minor__lte=LARGEST_MINOR), name="limit_amount_within"
            )
        ]

    def __str__(self) -> str:
        return self.name
