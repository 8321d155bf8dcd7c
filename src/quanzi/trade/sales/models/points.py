"""Where goods are picked up."""

from __future__ import annotations

from django.db import models


class PickupPoint(models.Model):
    """Where a leader hands goods over. Rounds, areas and scans of a station build on it later."""

    name = models.CharField(max_length=40)
    leader = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="pickup_points")
    circle = models.ForeignKey(
        "circles.Circle", null=True, blank=True, on_delete=models.SET_NULL, related_name="pickup_points"
    )
    address = models.CharField(max_length=120)
    hours = models.CharField(max_length=60)
    hours_en = models.CharField(max_length=80, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    is_open = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name
