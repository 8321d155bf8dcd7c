"""A pattern of a working community, the branches made from it, and texts that wait for their leader."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from quanzi.community.posts.models import PostKind


class Pattern(models.Model):
    """What was exported here, or taken in from another shop. `archive` is the file itself; `digest` is of its content."""

    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    content = models.JSONField()
    archive = models.BinaryField()
    circle = models.ForeignKey("circles.Circle", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="pattern_digest_is_sha256")
        ]

    def __str__(self) -> str:
        return self.name


class Branch(models.Model):
    """One community made from a pattern, whole or not at all. `key` is the row's own name: the same row again makes nothing.

    pictures: which picture of ours is which file of the pattern, so that it is exported again as it came.
    """

    pattern = models.ForeignKey(Pattern, on_delete=models.PROTECT, related_name="branches")
    key = models.CharField(max_length=40, unique=True)
    row_hash = models.CharField(max_length=64)
    area = models.CharField(max_length=60)
    circle = models.OneToOneField("circles.Circle", on_delete=models.PROTECT, related_name="branch")
    pictures = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)


class StarterText(models.Model):
    """Words of the pattern for a branch. Nothing is said in a person's name before that person publishes it."""

    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="texts")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=[(PostKind.NOTE, PostKind.NOTE.label), (PostKind.QUESTION, PostKind.QUESTION.label)])  # fmt: skip
    title = models.CharField(max_length=60)
    body = models.TextField(max_length=5000, blank=True)
    pictures = models.JSONField(default=list, help_text="Names of its pictures in the pattern's file")
    post = models.OneToOneField("posts.Post", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["branch", "position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["branch", "position"], name="starter_text_once")]
