"""What the engine found, for whom, and what members said to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Training(models.Model):
    """One run of the engine. setting: the numbers it chose; carve_out: what they promised on lines set aside (empty: too few)."""

    trained_at = models.DateTimeField()
    seconds = models.FloatField()
    people = models.PositiveIntegerField()
    goods = models.PositiveIntegerField()
    lines = models.PositiveIntegerField()
    ties = models.PositiveIntegerField()
    setting = models.JSONField()
    carve_out = models.JSONField()

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


class NotThis(models.Model):
    """Goods that a member does not want to be offered again."""

    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["member", "product"], name="not_this_once")]


class Choice(models.Model):
    """Whether goods are chosen for the member at all. Without a row they are; off, the engine reads nothing of theirs either."""

    member = models.OneToOneField("accounts.Member", primary_key=True, on_delete=models.CASCADE, related_name="+")
    is_personal = models.BooleanField()
    changed_at = models.DateTimeField()
