"""Members who asked to be erased."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Erasure(models.Model):
    """One request. It is carried out at `due_at` unless it is withdrawn before, which signing in does.

    asked_by: the person of the staff who wrote it down for the member, empty when the member asked; `why` is what that person
    noted. held_at: when it was due and something was still open; it is tried again each day.
    """

    member = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="+")
    keeps_words = models.BooleanField(help_text="Posts and comments stay, as those of a former member")
    asked_by = models.ForeignKey("accounts.Member", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(withdrawn_at=None, done_at=None), name="erasure_open_once"
            ),
            models.CheckConstraint(condition=Q(withdrawn_at=None) | Q(done_at=None), name="erasure_ends_one_way"),
            models.CheckConstraint(condition=Q(due_at__gte=F("asked_at")), name="erasure_due_later"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(withdrawn_at=None, done_at=None), name="erasure_due")
        ]
