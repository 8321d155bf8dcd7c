"""A decision that the buyer does not accept: what both sides say, who decided, and who looked at it again."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class DisputeState(models.TextChoices):
    OPEN = "open", _("Both sides say what they know")
    DECIDED = "decided", _("Decided; may be appealed")
    APPEALED = "appealed", _("Looked at again by somebody else")
    CLOSED = "closed", _("Closed")


class Side(models.TextChoices):
    BUYER = "buyer", _("Buyer")
    SHOP = "shop", _("Shop")


class Dispute(models.Model):
    """A claim's answer is contested. The line's money stays in escrow until it is closed.

    Decided by a person who did not answer the claim; an appeal by one who did neither. decide_by: the clock of the one who decides now.
    """

    claim = models.OneToOneField("aftersales.Claim", on_delete=models.PROTECT, related_name="dispute")
    state = models.CharField(max_length=8, choices=DisputeState.choices, default=DisputeState.OPEN)
    opened_at = models.DateTimeField()
    evidence_until = models.DateTimeField()
    decide_by = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("accounts.Member", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=500, blank=True)
    refund = models.OneToOneField(
        "sales.OrderRefund", null=True, blank=True, on_delete=models.PROTECT, related_name="dispute"
    )
    appeal_until = models.DateTimeField(null=True, blank=True)
    appealed_at = models.DateTimeField(null=True, blank=True)
    appeal_decided_at = models.DateTimeField(null=True, blank=True)
    appeal_decided_by = models.ForeignKey(
        "accounts.Member", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    appeal_outcome = models.CharField(max_length=500, blank=True)
    appeal_refund = models.OneToOneField(
        "sales.OrderRefund", null=True, blank=True, on_delete=models.PROTECT, related_name="appealed_dispute"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    @property
    def had_a_say(self) -> frozenset[int]:
        """Members who answered the claim, or decided what is appealed now: somebody else decides."""
        before = (self.claim.decided_by_id, self.decided_by_id if self.state == DisputeState.APPEALED else None)
        return frozenset(by for by in before if by is not None)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=DisputeState.values), name="dispute_state_known"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False, appeal_until__isnull=False) & ~Q(outcome=""),
                name="dispute_decided_by_a_person",
            ),
            models.CheckConstraint(
                condition=Q(appeal_decided_by=None) | ~Q(appeal_decided_by=F("decided_by")),
                name="dispute_appeal_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | (~Q(state="closed") & Q(closed_at=None)),
                name="dispute_closed_has_a_time",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["decide_by"], condition=~Q(state="closed"), name="dispute_to_decide")]


class Statement(models.Model):
    """What one side said, never changed."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="statements")
    side = models.CharField(max_length=5, choices=Side.choices)
    author = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=1000)
    said_at = models.DateTimeField()


class StatementPicture(models.Model):
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="statement_pictures")
    picture = models.ForeignKey("media.Picture", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["statement", "picture"], name="statement_picture_once")
        ]
