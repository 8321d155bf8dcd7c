"""Films that people sent, from the first byte to what everybody may watch."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class FilmState(models.TextChoices):
    ARRIVING = "arriving", _("Being sent")
    WAITING = "waiting", _("Being prepared")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Not prepared")


class Film(models.Model):
    """One film. code: its name in addresses and on disk, random. key: the sender's own mark, so that beginning twice begins once.

    size, received: bytes of what is sent; bytes, width, height, length_ms: of what was made of it. owner_id: a member's id as a
    plain number. fault: the code of the reason, where it failed. tries: times that preparing began.
    """

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=32, unique=True)
    owner_id = models.BigIntegerField(db_index=True)
    key = models.CharField(max_length=40)
    state = models.CharField(max_length=8, choices=FilmState.choices, default=FilmState.ARRIVING)
    size = models.PositiveIntegerField()
    received = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=30, blank=True, default="")
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    length_ms = models.PositiveIntegerField(default=0)
    bytes = models.PositiveIntegerField(default=0)
    has_sound = models.BooleanField(default=False)
    poster = models.OneToOneField("media.Picture", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner_id", "key"], name="film_begun_once"),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9a-f]{32}$"), name="film_code"),
            models.CheckConstraint(condition=Q(received__lte=F("size"), size__gt=0), name="film_received"),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(poster__isnull=False, length_ms__gt=0, bytes__gt=0, width__gt=0, height__gt=0),
                name="film_ready_can_be_shown",
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(fault=""), name="film_failed_for_a_reason"),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["created_at"], condition=Q(state__in=["arriving", "waiting"]), name="film_open")
        ]

    def __str__(self) -> str:
        return f"film {self.pk}"

    @property
    def is_ready(self) -> bool:
        return self.state == FilmState.READY

    @property
    def seconds(self) -> int:
        """Its length, rounded up."""
        return -(-self.length_ms // 1000)
