"""Block, mute, report: what a member does against unwanted contact, and what a moderator sees of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


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
    reason = models.CharField(max_length=20)
    note = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=20, blank=True)
    decided_by = models.ForeignKey("accounts.Member", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["member", "subject"], condition=Q(decided_at=None), name="report_open_once")]
