"""A buyer's word that a complaint was solved, and help that was asked for before a review was written."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Solved(models.Model):
    """The shop made good what was told of a line, and its buyer says that this solved it. Shown beside the review; it moves nothing."""

    claim = models.OneToOneField("aftersales.Claim", primary_key=True, on_delete=models.PROTECT, related_name="solved")
    said_at = models.DateTimeField()


class HelpAsk(models.Model):
    """Somebody is not content and asks a person of the shop, while their review waits as a draft or is published all the same.

    promised_by: until when an answer was promised. stars, title, body: the draft, emptied when the review is published.
    """

    line = models.ForeignKey("sales.OrderLine", on_delete=models.PROTECT, related_name="help_asks")
    member = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=500)
    stars = models.PositiveSmallIntegerField(null=True, blank=True)
    title = models.CharField(max_length=60, blank=True)
    body = models.TextField(max_length=5000, blank=True)
    asked_at = models.DateTimeField()
    promised_by = models.DateTimeField()
    answer = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        "accounts.Member", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line"], condition=Q(answered_at=None), name="help_ask_open_once"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | Q(answered_at__isnull=False),
                name="help_ask_answered_has_a_time",
            ),
            models.CheckConstraint(condition=Q(stars=None) | Q(stars__range=(1, 5)), name="help_ask_stars_one_to_five"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["promised_by", "id"], condition=Q(answered_at=None), name="help_ask_open"),
            models.Index(fields=["asked_at"], name="help_ask_by_time"),
        ]
