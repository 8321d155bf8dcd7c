"""What the engine found, for whom, and what members said to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Training(models.Model):
    """One run of the engine. setting: the numbers it chose; carve_out: what they promised on lines set aside (empty: too few).

    most_kept: goods that most people kept, on sale at that moment, the most wanted first.
    """

    trained_at = models.DateTimeField()
    seconds = models.FloatField()
    people = models.PositiveIntegerField()
    goods = models.PositiveIntegerField()
    lines = models.PositiveIntegerField()
    ties = models.PositiveIntegerField()
    setting = models.JSONField()
    carve_out = models.JSONField()
    most_kept = models.JSONField(default=list, db_default=[])

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-trained_at"], name="training_newest")]


class Shelf(models.Model):
    """Goods for one member, best first. places: [goods, because, tied], where because is what of the member's own speaks most for them
    (0: none) and tied how much of the place comes from ties, in percent. All shelves are exchanged in one transaction."""

    member = models.OneToOneField(
        "accounts.Member", primary_key=True, on_delete=models.CASCADE, related_name="goods_for_me"
    )
    places = models.JSONField()
    trained_at = models.DateTimeField()


class CircleShelf(models.Model):
    """Goods that fit a circle: those that stand well with most of its people."""

    circle = models.OneToOneField("circles.Circle", primary_key=True, on_delete=models.CASCADE, related_name="+")
    goods = models.JSONField()
    trained_at = models.DateTimeField()


class Again(models.Model):
    """Goods that people have again when they are used up: after how many days, in the median, and how many people did."""

    product = models.OneToOneField("catalogue.Product", primary_key=True, on_delete=models.CASCADE, related_name="+")
    days = models.FloatField()
    people = models.PositiveIntegerField()


class NotThis(models.Model):
    """Goods that a member does not want to be offered again."""

    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["member", "product"], name="not_this_once")]


class FeedOrder(models.TextChoices):
    """In which order the feed stands."""

    FIT = "fit", _("For you")
    LATEST = "latest", _("Latest")


class Choice(models.Model):
    """Whether goods and posts are chosen for the member at all. Without a row they are; off, the engine reads nothing of theirs either.

    feed_order: how they want the feed, on every device.
    """

    member = models.OneToOneField("accounts.Member", primary_key=True, on_delete=models.CASCADE, related_name="+")
    is_personal = models.BooleanField(default=True)
    feed_order = models.CharField(
        max_length=8, choices=FeedOrder.choices, default=FeedOrder.FIT, db_default=FeedOrder.FIT
    )
    changed_at = models.DateTimeField()
