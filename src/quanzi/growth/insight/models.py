"""The one thing that the reports need and no other room writes down: that a post was read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Reading(models.Model):
    """A browser opened a post, for the first time. Whose browser it is, its visitor says; is_member: whether they were logged in.

    It is counted, shown as sums only, chooses nothing for anybody, and is forgotten after KEPT (services).
    """

    post = models.ForeignKey("posts.Post", on_delete=models.CASCADE, related_name="+")
    visitor = models.ForeignKey("sources.Visitor", on_delete=models.CASCADE, related_name="+")
    is_member = models.BooleanField()
    read_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["post", "visitor"], name="reading_once")]
        indexes: ClassVar = [models.Index(fields=["read_at"], name="reading_by_time")]
