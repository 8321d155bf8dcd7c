"""Sheets that somebody of the staff sent in, from the upload to the report."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class SheetKind(models.TextChoices):
    GOODS = "goods", _("Goods")
    ORDERS = "orders", _("Orders from before")


class SheetState(models.TextChoices):
    UPLOADED = "uploaded", _("To check")
    WAITING = "waiting", _("Waiting")
    APPLYING = "applying", _("Being applied")
    DONE = "done", _("Finished")
    FAILED = "failed", _("Refused")
    DROPPED = "dropped", _("Dropped")


class Sheet(models.Model):
    """One file. `mapping` is field → heading, `options` what was chosen beside it; `done` of `rows` are written.

    `report` holds plain counts, and of a refused sheet the reasons; no personal data.
    """

    kind = models.CharField(max_length=10, choices=SheetKind.choices)
    state = models.CharField(max_length=10, choices=SheetState.choices, default=SheetState.UPLOADED)
    file_name = models.CharField(max_length=120)
    fingerprint = models.CharField(max_length=64, help_text=_("sha256 of the file"))
    size = models.BigIntegerField(help_text=_("Bytes"))
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    rows = models.BigIntegerField(default=0)
    done = models.BigIntegerField(default=0)
    report = models.JSONField(default=dict)
    actor = models.ForeignKey("accounts.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-created_at", "-id"], name="sheet_newest")]

    def __str__(self) -> str:
        return self.file_name


class SheetContent(models.Model):
    """The file itself, which may name people: it goes when the sheet is applied, dropped or a day old."""

    sheet = models.OneToOneField(Sheet, primary_key=True, on_delete=models.CASCADE, related_name="content")
    data = models.BinaryField()


class WantedPicture(models.Model):
    """A picture that a sheet names by its address, fetched later. `picture` is set once it is here, `trouble` when not."""

    product = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, related_name="+")
    url = models.CharField(max_length=1000)
    picture = models.ForeignKey("media.Picture", null=True, on_delete=models.SET_NULL, related_name="+")
    trouble = models.CharField(max_length=60, blank=True)
    asked_at = models.DateTimeField()
    fetched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["product", "url"], name="wanted_picture_once")]
        indexes: ClassVar = [
            models.Index(fields=["asked_at"], condition=models.Q(fetched_at=None), name="wanted_picture_waiting")
        ]
