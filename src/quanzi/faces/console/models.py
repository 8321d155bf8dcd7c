"""The console's own memory: what the doctor said last."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Checkup(models.Model):
    """One run of the doctor. `results`: id, title, violations and error of each rule; `rules` and `broken` count them."""

    checked_at = models.DateTimeField()
    rules = models.PositiveIntegerField()
    broken = models.PositiveIntegerField()
    results = models.JSONField(default=list)
    took_ms = models.PositiveIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-checked_at"], name="checkup_newest")]

    def __str__(self) -> str:
        return f"{self.broken} of {self.rules} broken"
