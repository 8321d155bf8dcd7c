"""Who drives for the shop without being of its staff: somebody who was asked, and said yes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Driver(models.Model):
    """A member who was asked to drive. From accepted_at to ended_at they may be named driver of a run; staff who hand over need none."""

    member = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="driving")
    invited_at = models.DateTimeField()
    invited_by = models.CharField(max_length=80)
    accepted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Declined, withdrawn, or given up")
    ended_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member"], condition=Q(ended_at=None), name="driver_once"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by="") | (Q(ended_at__isnull=False) & ~Q(ended_by="")),
                name="driver_ended_by_somebody",
            ),
        ]
