"""What goods are like, and who cares for it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Taste(models.TextChoices):
    """A short list, so that picking takes a moment and every taste has goods."""

    BY_HAND = "by_hand", _("Made by hand")
    SMALL_BATCH = "small_batch", _("Small batches")
    OLD_WAY = "old_way", _("The old way")
    NEAR = "near", _("From near by")
    MOUNTAINS = "mountains", _("From the mountains")
    SEA = "sea", _("From the sea")
    WOOD = "wood", _("Wood and bamboo")
    CLAY = "clay", _("Clay and glass")
    COTTON = "cotton", _("Cotton and linen")
    NOTHING_ADDED = "nothing_added", _("Nothing added")
    LITTLE_SUGAR = "little_sugar", _("Little sugar")
    FOR_CHILDREN = "for_children", _("For children")


class Trait(models.Model):
    """Goods have it. said_by: who wrote it down: "staff:7" on the maker's word, or "maker:7" themselves."""

    product = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, related_name="+")
    taste = models.CharField(max_length=16, choices=Taste.choices)
    said_by = models.CharField(max_length=80)
    said_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["product", "taste"], name="trait_once")]
        indexes: ClassVar = [models.Index(fields=["taste", "-product"], name="trait_goods")]


class TakenAway(models.Model):
    """The shop took what a maker said away: it stands again when the shop ticks it, and not before."""

    product = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, related_name="+")
    taste = models.CharField(max_length=16, choices=Taste.choices)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["product", "taste"], name="taken_away_once")]


class Pick(models.Model):
    """A member cares for it."""

    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="+")
    taste = models.CharField(max_length=16, choices=Taste.choices)
    picked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["member", "taste"], name="pick_once")]
