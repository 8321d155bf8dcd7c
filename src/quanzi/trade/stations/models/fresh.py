"""Fresh goods that nobody fetched: what the shop said about them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class FreshWait(models.Model):
    """The shop lets fresh goods of one line wait until then; the last word counts. Never edited."""

    line = models.ForeignKey("sales.OrderLine", on_delete=models.PROTECT, related_name="fresh_waits")
    until = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)
    said_at = models.DateTimeField()
    said_by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until__gt=F("said_at")), name="fresh_wait_is_to_come")
        ]
        indexes: ClassVar = [models.Index(fields=["line", "-id"], name="fresh_wait_of_line")]
