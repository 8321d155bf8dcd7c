"""What a buyer says is wrong with goods, and what was decided about it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ClaimReason(models.TextChoices):
    SPOILED = "spoiled", _("Spoiled, broken or leaking")
    MISSING = "missing", _("Something is missing")
    OTHER_GOODS = "other_goods", _("Not what was ordered or described")
    RETURN = "return", _("I would like to send it back")
    OTHER = "other", _("Something else")


class ClaimState(models.TextChoices):
    OPEN = "open", _("Being looked into")
    ACCEPTED = "accepted", _("Refunded")
    EXCHANGED = "exchanged", _("Exchanged")
    DECLINED = "declined", _("Not refunded")
    WITHDRAWN = "withdrawn", _("Taken back")


class Claim(models.Model):
    """A buyer asks for money back for one order line. At most one is open for a line; its answer is final, a new one may follow."""

    line = models.ForeignKey("sales.OrderLine", on_delete=models.PROTECT, related_name="claims")
    member = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=12, choices=ClaimReason.choices)
    note = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=ClaimState.choices, default=ClaimState.OPEN)
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        "accounts.Member", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    answer = models.CharField(max_length=200, blank=True)
    refund = models.OneToOneField(
        "sales.OrderRefund", null=True, blank=True, on_delete=models.PROTECT, related_name="claim"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line"], condition=Q(state="open"), name="claim_open_once"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None) | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="claim_decided_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", refund__isnull=False) | (~Q(state="accepted") & Q(refund=None)),
                name="claim_accepted_has_a_refund",
            ),
            models.CheckConstraint(condition=Q(reason__in=ClaimReason.values), name="claim_reason_known"),
            models.CheckConstraint(condition=Q(state__in=ClaimState.values), name="claim_state_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["opened_at", "id"], condition=Q(state="open"), name="claim_open")]

    def __str__(self) -> str:
        return f"{self.line_id} {self.reason}"


class ClaimPicture(models.Model):
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="claim_pictures")
    picture = models.ForeignKey("media.Picture", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["claim", "picture"], name="claim_picture_once")]
