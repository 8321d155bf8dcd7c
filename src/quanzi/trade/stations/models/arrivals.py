"""Goods that came to a station, and what a leader's phone has sent."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from quanzi.trade.stations.models.rounds import Stop


class Arrival(models.Model):
    """One lot, counted at a station: `arrived` units of which `damaged` are unfit; `temperature_tenths` in 0.1 °C."""

    stop = models.ForeignKey(Stop, on_delete=models.PROTECT, related_name="arrivals")
    lot = models.ForeignKey("catalogue.Lot", on_delete=models.PROTECT, related_name="arrivals")
    arrived = models.PositiveIntegerField()
    damaged = models.PositiveIntegerField(default=0)
    temperature_tenths = models.SmallIntegerField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    pictures = models.ManyToManyField("media.Picture", related_name="+", blank=True)
    counted_at = models.DateTimeField()
    counted_by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stop", "lot"], name="arrival_once"),
            models.CheckConstraint(condition=Q(damaged__lte=F("arrived")), name="arrival_damaged_within_arrived"),
            models.CheckConstraint(
                condition=Q(temperature_tenths=None) | Q(temperature_tenths__gte=-600, temperature_tenths__lte=800),
                name="arrival_temperature_of_goods",
            ),
        ]


class LeaderAct(models.Model):
    """What a leader's phone sent under a key of its own, so that sending it again finds the first answer."""

    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    request_hash = models.CharField(max_length=64)
    begun_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    answer = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["member", "key"], name="leader_act_once")]
