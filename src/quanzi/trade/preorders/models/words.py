"""What the shop told and asked while the batch was made."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from quanzi.trade.preorders.models.batches import Preorder
from quanzi.trade.preorders.models.places import Place


class News(models.Model):
    """A line of the story, told to everybody with a place. Never edited."""

    preorder = models.ForeignKey(Preorder, on_delete=models.PROTECT, related_name="news")
    text = models.CharField(max_length=300)
    told_at = models.DateTimeField()


class DateChange(models.Model):
    """Goods would leave by `after` instead of `before`: everybody is asked until `answer_by`. Silence is a no."""

    preorder = models.ForeignKey(Preorder, on_delete=models.PROTECT, related_name="changes")
    before = models.DateField()
    after = models.DateField()
    reason = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    answer_by = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(after__gt=F("before")), name="date_change_is_later"),
            models.CheckConstraint(condition=Q(answer_by__gt=F("asked_at")), name="date_change_leaves_time"),
        ]


class Answer(models.Model):
    """What one place was asked and said: None is not answered yet."""

    change = models.ForeignKey(DateChange, on_delete=models.PROTECT, related_name="answers")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="answers")
    agrees = models.BooleanField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    was_silent = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["change", "place"], name="date_change_asked_once"),
            models.CheckConstraint(
                condition=Q(agrees=None, answered_at=None) | Q(agrees__isnull=False, answered_at__isnull=False),
                name="date_change_answer_has_a_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["change"], condition=Q(agrees=None), name="date_change_unanswered"),
        ]
