"""A circle that falls apart: when it was looked at, the cut that is proposed, its parts, and whose place is where."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Setting(models.Model):
    """One row, number 1: from how many people on a circle is looked at."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    least_members = models.PositiveIntegerField(default=80)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="split_setting_is_one"),
            models.CheckConstraint(
                condition=Q(least_members__gte=20, least_members__lte=100_000), name="split_setting_makes_sense"
            ),
        ]


class Outcome(models.TextChoices):
    CUT = "cut", _("It separates")
    THIN = "thin", _("Too little was said and done together")
    WHOLE = "whole", _("It does not separate more than chance does")
    UNSTABLE = "unstable", _("It separates, but not in one clear way")
    LOPSIDED = "lopsided", _("What separates is too small for a circle of its own")


class Look(models.Model):
    """The newest look at a circle. modularity: of the cut; chance, spread: what chance allows for; agreement: of several runs."""

    circle = models.OneToOneField("circles.Circle", primary_key=True, on_delete=models.CASCADE, related_name="+")
    looked_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    members = models.PositiveIntegerField()
    ties = models.PositiveIntegerField()
    modularity = models.FloatField()
    chance = models.FloatField()
    spread = models.FloatField()
    agreement = models.FloatField()


class SplitState(models.TextChoices):
    OPEN = "open", _("Proposed")
    OUTDATED = "outdated", _("Replaced by a newer look")
    DECLINED = "declined", _("Declined")
    DONE = "done", _("Split")
    UNDONE = "undone", _("Undone")


class Split(models.Model):
    """A cut of a circle. flows: interactions between the parts, as a square; members may choose and the host may undo before `undo_until`."""

    circle = models.ForeignKey("circles.Circle", on_delete=models.PROTECT, related_name="splits")
    state = models.CharField(max_length=10, choices=SplitState.choices, default=SplitState.OPEN)
    flows = models.JSONField(default=list)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        "accounts.Member", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    undo_until = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["circle"], condition=Q(state="open"), name="split_proposed_once"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "outdated", "declined"], undo_until=None, undone_at=None)
                | Q(state="done", decided_at__isnull=False, undo_until__isnull=False, undone_at=None)
                | Q(
                    state="undone",
                    decided_at__isnull=False,
                    undone_at__isnull=False,
                    undo_until__isnull=False,
                    undone_at__lt=F("undo_until"),
                ),
                name="split_undone_within_its_days",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["circle", "-id"], name="split_of_circle")]


class Part(models.Model):
    """One part of a cut. words: what is talked about there more than elsewhere; reasons: why this leader, in figures.

    daughter: the circle that it became. The leader is asked, and founds nothing before they agree.
    """

    split = models.ForeignKey(Split, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)
    words = models.JSONField(default=list)
    leader = models.ForeignKey("accounts.Member", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    leaders = models.JSONField(default=list, help_text=_("Who could lead it, with the figures that speak for them"))
    leader_answered_at = models.DateTimeField(null=True, blank=True)
    leader_agreed = models.BooleanField(default=False)
    daughter = models.OneToOneField(
        "circles.Circle", null=True, blank=True, on_delete=models.PROTECT, related_name="split_part"
    )

    class Meta:
        ordering: ClassVar = ["split", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["split", "position"], name="split_part_once"),
            models.CheckConstraint(
                condition=Q(leader_agreed=False) | Q(leader_answered_at__isnull=False), name="split_leader_was_asked"
            ),
        ]


class Place(models.Model):
    """Where a member of the circle falls; part None: unclear, they stay where they want. is_bridge: talks with several parts."""

    split = models.ForeignKey(Split, on_delete=models.CASCADE, related_name="places")
    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="+")
    part = models.ForeignKey(Part, null=True, blank=True, on_delete=models.CASCADE, related_name="places")
    is_bridge = models.BooleanField(default=False)
    chosen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["split", "member"], name="split_place_once")]
