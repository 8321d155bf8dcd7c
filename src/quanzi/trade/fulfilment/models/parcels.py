"""Parcels: what of an order travels together, with which carrier, and what was heard of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ParcelState(models.TextChoices):
    PACKED = "packed", _("Packed")
    SHIPPED = "shipped", _("On its way")
    ARRIVED = "arrived", _("Arrived")
    CAME_BACK = "came_back", _("Came back")
    UNPACKED = "unpacked", _("Unpacked")


class Booking(models.TextChoices):
    """How it stands with the number that a carrier's service was asked for."""

    NONE = "", _("Not asked for")
    ASKED = "asked", _("Being asked for")
    UNKNOWN = "unknown", _("Asked, no answer yet")
    BOOKED = "booked", _("Booked")
    REFUSED = "refused", _("Refused by the carrier")


class Parcel(models.Model):
    """Units of one order that travel together. position: 1 for the first parcel of an order.

    supplier: who packs and sends it from their own stock; empty for us. service: the carrier's programmatic service that was asked
    for a number, empty when a person typed carrier and tracking. carrier_says: the service's last refusal, in its words.
    """

    fulfilment = models.ForeignKey("fulfilment.Fulfilment", on_delete=models.PROTECT, related_name="parcels")
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=ParcelState.choices, default=ParcelState.PACKED)
    carrier = models.CharField(max_length=40, blank=True)
    tracking = models.CharField(max_length=60, blank=True)
    service = models.CharField(max_length=20, blank=True)
    booking = models.CharField(max_length=10, choices=Booking.choices, default=Booking.NONE, blank=True)
    carrier_says = models.CharField(max_length=200, blank=True)
    supplier = models.ForeignKey(
        "supply.Supplier", null=True, blank=True, on_delete=models.PROTECT, related_name="parcels"
    )
    packed_at = models.DateTimeField()
    packed_by = models.CharField(max_length=80)
    shipped_at = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Unpacked, or back in the house")
    heard_at = models.DateTimeField(null=True, blank=True, help_text="When the carrier was last asked or told us")
    key = models.CharField(max_length=80, null=True, blank=True, unique=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fulfilment", "position"], name="parcel_position_once"),
            models.UniqueConstraint(
                fields=["service", "tracking"], condition=~Q(service="") & ~Q(tracking=""), name="parcel_tracking_once"
            ),
            models.CheckConstraint(condition=Q(state__in=ParcelState.values), name="parcel_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["packed", "unpacked"]) | Q(shipped_at__isnull=False),
                name="parcel_shipped_has_a_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "id"], name="parcel_by_state"),
            models.Index(fields=["supplier", "-id"], condition=Q(supplier__isnull=False), name="parcel_of_supplier"),
        ]

    @property
    def code(self) -> str:
        """What stands on its label and what a carrier is asked under: the order's number and the position."""
        return f"{self.fulfilment.order.number}-{self.position}"


class ParcelLine(models.Model):
    """Units of an order line in a parcel. Never edited: who packs differently unpacks and packs anew."""

    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey("sales.OrderLine", on_delete=models.PROTECT, related_name="parcel_lines")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["parcel", "line"], name="parcel_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="parcel_line_of_something"),
        ]


class TrackingEvent(models.Model):
    """What a carrier told of a parcel, once for each `ref` of the carrier. Never edited."""

    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="events")
    ref = models.CharField(max_length=60)
    code = models.CharField(max_length=20)
    words = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=80, blank=True)
    happened_at = models.DateTimeField()
    heard_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["parcel", "ref"], name="tracking_event_once")]
        indexes: ClassVar = [models.Index(fields=["parcel", "happened_at"], name="tracking_of_parcel")]
