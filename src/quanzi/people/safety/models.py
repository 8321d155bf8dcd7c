"""Block, mute, report: what a member does against unwanted contact, and what a moderator sees of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """Why somebody reports; short, so that a person in a hurry finds theirs."""

    SPAM = "spam", _("Advertising or spam")
    ABUSE = "abuse", _("Insult or harassment")
    FRAUD = "fraud", _("Fraud or false goods")
    ILLEGAL = "illegal", _("Against the law")
    PRIVACY = "privacy", _("Shows private things")
    OTHER = "other", _("Something else")


class Decision(models.TextChoices):
    """What the moderator decided about a report."""

    DISMISSED = "dismissed", _("Nothing to object to")
    HIDDEN = "hidden", _("Hidden")
    WARNED = "warned", _("Author warned")
    REMOVED = "removed", _("Removed")


class Block(models.Model):
    """`member` neither sees nor is seen by `other`. Ties between the two are read by nobody while it stands."""

    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="blocks")
    other = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="blocked_by")
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "other"], name="block_once"),
            models.CheckConstraint(condition=~Q(member=F("other")), name="block_not_oneself"),
        ]


class Mute(models.Model):
    """`member` does not see posts of `other`; the other is not told."""

    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="mutes")
    other = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="muted_by")
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "other"], name="mute_once"),
            models.CheckConstraint(condition=~Q(member=F("other")), name="mute_not_oneself"),
        ]


class Report(models.Model):
    """A complaint about a post, comment or member (`subject` like "post:12"), for a moderator to decide."""

    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="reports")
    subject = models.CharField(max_length=40)
    reason = models.CharField(max_length=20, choices=Reason.choices)
    note = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=20, choices=Decision.choices, blank=True)
    decided_by = models.ForeignKey(
        "accounts.Member",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member", "subject"],
                condition=Q(decided_at=None),
                name="report_open_once",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decision="") | (Q(decided_at__isnull=False) & ~Q(decision="")),
                name="report_decided_with_a_decision",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["made_at", "id"],
                condition=Q(decided_at=None),
                name="report_open",
            )
        ]
