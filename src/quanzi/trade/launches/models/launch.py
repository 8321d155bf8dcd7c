"""A flash sale: its goods, its queue, and the lot by which the queue is ordered."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class LaunchState(models.TextChoices):
    PLANNED = "planned", _("Not begun")
    SELLING = "selling", _("Selling")
    OVER = "over", _("Over")
    CALLED_OFF = "called_off", _("Called off")


class Launch(models.Model):
    """People enter from `entry_opens_at` on; the lot is drawn at `starts_at`; turns are given until `ends_at`. Terms are never edited.

    units: set aside for it; held: of those, units on the shelf that no order has yet; taken: units in turns and living orders.
    seed_hash: sha256 of the seed, told from the first day; seed: told when the lot is drawn (empty before).
    """

    code = models.CharField(max_length=12, unique=True)
    title = models.CharField(max_length=40)
    sku = models.ForeignKey("catalogue.Sku", on_delete=models.PROTECT, related_name="launches")
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CNY")
    units = models.PositiveIntegerField()
    limit_each = models.PositiveIntegerField(help_text=_("Units that one member may buy"))
    entry_opens_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    turn_minutes = models.PositiveIntegerField(
        help_text=_("How long a turn lasts, and how long an order waits for its payment")
    )
    seed_hash = models.CharField(max_length=64)
    seed = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=LaunchState.choices, default=LaunchState.PLANNED)
    drawn_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=10, blank=True)
    held = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(entry_opens_at__lt=F("starts_at"), starts_at__lt=F("ends_at")), name="launch_times_in_order"
            ),
            models.CheckConstraint(condition=Q(price_minor__gt=0), name="launch_price_positive"),
            models.CheckConstraint(
                condition=Q(units__gte=1, units__lte=5000, limit_each__gte=1) & Q(limit_each__lte=F("units")),
                name="launch_limit_within_units",
            ),
            models.CheckConstraint(condition=Q(turn_minutes__gte=1, turn_minutes__lte=60), name="launch_turn_minutes"),
            models.CheckConstraint(condition=Q(taken__lte=F("units")), name="launch_taken_within_units"),
            models.CheckConstraint(condition=Q(held__lte=F("units")), name="launch_held_within_units"),
            models.CheckConstraint(condition=Q(state__in=LaunchState.values), name="launch_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "selling"], ended_at=None)
                | Q(state__in=["over", "called_off"], ended_at__isnull=False),
                name="launch_ended_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(drawn_at=None, seed="") | (Q(drawn_at__isnull=False) & ~Q(seed="")),
                name="launch_seed_told_when_drawn",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["starts_at"], condition=Q(state__in=["planned", "selling"]), name="launch_under_way")
        ]

    def __str__(self) -> str:
        return self.title


class Seal(models.Model):
    """The seed before it is told. Read by nothing but the drawing of the lot."""

    launch = models.OneToOneField(Launch, primary_key=True, on_delete=models.CASCADE, related_name="seal")
    seed = models.CharField(max_length=64)


class PlaceState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    TURN = "turn", _("Having a turn")
    ORDERED = "ordered", _("Ordered")
    ENDED = "ended", _("The order ended without goods")
    PASSED = "passed", _("The turn passed on")
    LEFT = "left", _("Left the queue")
    UNSERVED = "unserved", _("Had no turn before it was over")


class Place(models.Model):
    """A member in the queue. `code` takes part in the lot and names the place in public; `position` counts from 1.

    wanted: units asked for; granted: units of the turn, later of the order.
    """

    launch = models.ForeignKey(Launch, on_delete=models.PROTECT, related_name="places")
    member = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="launch_places")
    code = models.CharField(max_length=12)
    wanted = models.PositiveIntegerField(default=1)
    entered_at = models.DateTimeField()
    position = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=PlaceState.choices, default=PlaceState.WAITING)
    granted = models.PositiveIntegerField(default=0)
    turn_from = models.DateTimeField(null=True, blank=True)
    turn_until = models.DateTimeField(null=True, blank=True)
    order = models.OneToOneField(
        "sales.Order", null=True, blank=True, on_delete=models.PROTECT, related_name="launch_place"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["launch", "member"],
                condition=Q(state__in=["waiting", "turn", "ordered"]),
                name="launch_place_one_each",
            ),
            models.UniqueConstraint(fields=["launch", "position"], name="launch_position_once"),
            models.UniqueConstraint(fields=["launch", "code"], name="launch_code_once"),
            models.CheckConstraint(
                condition=Q(wanted__gte=1, granted__lte=F("wanted")), name="launch_granted_within_wanted"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["turn", "ordered"])
                | Q(granted__gte=1, position__isnull=False, turn_from__lt=F("turn_until")),
                name="launch_turn_of_something",
            ),
            models.CheckConstraint(
                condition=~Q(state="ordered") | Q(order__isnull=False), name="launch_ordered_has_an_order"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "turn", "ordered"], ended_at=None)
                | (~Q(state__in=["waiting", "turn", "ordered"]) & Q(ended_at__isnull=False)),
                name="launch_place_ended_has_a_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["launch", "position"], condition=Q(state="waiting"), name="launch_line"),
            models.Index(fields=["launch", "turn_until"], condition=Q(state="turn"), name="launch_turns"),
            models.Index(fields=["member", "-id"], name="launch_places_of_member"),
        ]
