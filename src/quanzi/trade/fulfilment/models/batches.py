"""Many orders sent off in one act: what was asked for each, and what became of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class DispatchBatch(models.Model):
    """One click. service: whose numbers are asked for where a row brings none."""

    made_by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    service = models.CharField(max_length=20, blank=True)
    key = models.CharField(max_length=80, unique=True)
    done_at = models.DateTimeField(null=True, blank=True)


class DispatchState(models.TextChoices):
    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"


class DispatchRow(models.Model):
    """One order of a batch. says: why it was refused, as sentence and values (JSON), or as plain text."""

    batch = models.ForeignKey(DispatchBatch, on_delete=models.PROTECT, related_name="rows")
    fulfilment = models.ForeignKey("fulfilment.Fulfilment", on_delete=models.PROTECT, related_name="+")
    carrier = models.CharField(max_length=40, blank=True)
    tracking = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=8, choices=DispatchState.choices, default=DispatchState.WAITING)
    parcel = models.ForeignKey("fulfilment.Parcel", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    says = models.CharField(max_length=400, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "fulfilment"], name="dispatch_row_once"),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(ended_at__isnull=False), name="dispatch_row_ended_has_a_time"
            ),
        ]
