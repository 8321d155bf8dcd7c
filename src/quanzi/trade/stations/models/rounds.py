"""One cut-off: what is sold until then, at which stations, and who ordered."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class RoundState(models.TextChoices):
    OPEN = "open", _("Taking orders")
    CLOSED = "closed", _("Cut off")
    CANCELLED = "cancelled", _("Called off")


class Round(models.Model):
    """Orders are taken in [opens_at, cut_off_at) and handed over in [pickup_from, pickup_until). Terms are never edited."""

    title = models.CharField(max_length=40)
    opens_at = models.DateTimeField()
    cut_off_at = models.DateTimeField()
    pickup_from = models.DateTimeField()
    pickup_until = models.DateTimeField()
    state = models.CharField(max_length=10, choices=RoundState.choices, default=RoundState.OPEN)
    closed_at = models.DateTimeField(null=True, blank=True, help_text=_("When it was cut off or called off"))
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    opens_at__lt=F("cut_off_at"), cut_off_at__lte=F("pickup_from"), pickup_from__lt=F("pickup_until")
                ),
                name="round_times_in_order",
            ),
            models.CheckConstraint(condition=Q(state__in=RoundState.values), name="round_state_known"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="round_ended_has_a_time",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["cut_off_at"], condition=Q(state="open"), name="round_due")]

    def __str__(self) -> str:
        return self.title


class RoundGood(models.Model):
    """One SKU in a round. `minimum`: units that must be paid by the cut-off, in all stations together; `most`: units there are.

    `taken` counts units in orders that live; `is_made` is decided at the cut-off.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="goods")
    sku = models.ForeignKey("catalogue.Sku", on_delete=models.PROTECT, related_name="round_goods")
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CNY")
    minimum = models.PositiveIntegerField(default=0)
    most = models.PositiveIntegerField()
    leader_bp = models.PositiveIntegerField(
        default=0, help_text=_("The leader's part of what was paid, in basis points")
    )
    comes_later = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_("Ordered first, bought after the cut-off: nothing needs to be on the shelf"),
    )
    taken = models.PositiveIntegerField(default=0)
    is_made = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "sku"], name="round_good_once"),
            models.CheckConstraint(condition=Q(price_minor__gt=0), name="round_good_price_positive"),
            models.CheckConstraint(
                condition=Q(most__gte=1) & Q(minimum__lte=F("most")), name="round_good_minimum_within_most"
            ),
            models.CheckConstraint(condition=Q(taken__lte=F("most")), name="round_good_taken_within_most"),
            models.CheckConstraint(condition=Q(leader_bp__lte=5000), name="round_good_leader_part"),
            models.CheckConstraint(condition=Q(leader_bp=0) | Q(currency="CNY"), name="round_good_leader_currency"),
        ]


class Stop(models.Model):
    """A station in a round: how many orders it takes, and how many live."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="stops")
    station = models.ForeignKey("stations.Station", on_delete=models.PROTECT, related_name="stops")
    capacity = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "station"], name="round_stop_once"),
            models.CheckConstraint(condition=Q(taken__lte=F("capacity")), name="round_stop_within_capacity"),
        ]


class Entry(models.Model):
    """An order in a round. It lives until `ended_at`: cancelled unpaid, or all of its money went back."""

    stop = models.ForeignKey(Stop, on_delete=models.PROTECT, related_name="entries")
    order = models.OneToOneField("sales.Order", on_delete=models.PROTECT, related_name="round_entry")
    member = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True, help_text=_("When the cut-off was carried out for it"))
    ended_at = models.DateTimeField(null=True, blank=True)
    to_door = models.CharField(max_length=120, blank=True, help_text=_("Where the leader carries it, empty: picked up"))
    missed_at = models.DateTimeField(null=True, blank=True, help_text=_("Not picked up when the window ended"))
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["stop", "id"], name="round_entry_of_stop"),
            models.Index(fields=["stop"], condition=Q(settled_at=None, ended_at=None), name="round_entry_unsettled"),
        ]
