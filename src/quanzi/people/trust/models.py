"""Ties between members, as facts. Strength is derived from them and read through at most three steps."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class TieKind(models.TextChoices):
    FRIEND = "friend", _("Friend")
    FAMILY = "family", _("Family")
    FOLLOW = "follow", _("Follows")
    INVITED = "invited", _("Invited")
    BOUGHT_TOGETHER = "bought_together", _("Bought together")


class Tie(models.Model):
    """One fact that ties two people, directed from `source` to `target`; mutual facts are two rows.

    `label` is the word the source chose ("sister"); `evidence` names the fact ("team:12", "request:3").
    A withdrawn tie keeps its row and is never read. `hidden` keeps it out of other people's paths.
    """

    source = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="ties_out")
    target = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="ties_in")
    kind = models.CharField(max_length=20, choices=TieKind.choices)
    label = models.CharField(max_length=20, blank=True)
    evidence = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    hidden = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "target", "kind", "evidence"], name="tie_fact_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="tie_not_to_oneself"),
            models.UniqueConstraint(
                fields=["source", "target", "kind"],
                condition=Q(withdrawn_at=None) & ~Q(kind=TieKind.BOUGHT_TOGETHER),
                name="tie_declared_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["source", "target"],
                condition=Q(withdrawn_at=None),
                name="tie_live_out",
            ),
            models.Index(
                fields=["target", "source"],
                condition=Q(withdrawn_at=None),
                name="tie_live_in",
            ),
            # The way through a person with thousands of ties reads the newest of them only; the mark of a walk reads this index alone.
            models.Index(
                fields=["source", "-made_at", "-id"],
                include=["hidden"],
                condition=Q(withdrawn_at=None),
                name="tie_live_newest",
            ),
            models.Index(
                fields=["target", "source"],
                condition=Q(withdrawn_at=None, hidden=True),
                name="tie_live_hidden",
            ),
        ]


class TieRequest(models.Model):
    """Somebody asks to be tied as friend or family; it becomes a tie when the other person agrees."""

    source = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="requests_out")
    target = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="requests_in")
    kind = models.CharField(
        max_length=20,
        choices=[
            (TieKind.FRIEND, TieKind.FRIEND.label),
            (TieKind.FAMILY, TieKind.FAMILY.label),
        ],
    )
    label = models.CharField(max_length=20, blank=True)
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    accepted = models.BooleanField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "target"],
                condition=Q(answered_at=None),
                name="tie_request_open_once",
            ),
            models.CheckConstraint(condition=~Q(source=F("target")), name="tie_request_not_to_oneself"),
        ]
