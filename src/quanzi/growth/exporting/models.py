"""Archives that somebody of the staff asked for in the console."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class ExportState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    WRITING = "writing", _("Being written")
    READY = "ready", _("Ready to fetch")
    FETCHED = "fetched", _("Fetched")
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("Expired")


class DataExport(models.Model):
    """One archive of everything. `done` of `steps` are written; the file lies in the shop's folder while it is ready."""

    state = models.CharField(max_length=10, choices=ExportState.choices, default=ExportState.WAITING)
    asked_by = models.ForeignKey("accounts.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    steps = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    size = models.BigIntegerField(default=0, help_text=_("Bytes"))
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["asked_by"],
                condition=models.Q(state__in=["waiting", "writing", "ready"]),
                name="data_export_one_at_a_time",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["-asked_at"], name="data_export_newest")]
