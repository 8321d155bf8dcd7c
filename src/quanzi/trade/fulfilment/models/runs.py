"""Delivery runs: a driver of our own, stops in their order, a window for each."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class RunState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    UNDER_WAY = "under_way", _("Under way")
    DONE = "done", _("Done")
    CALLED_OFF = "called_off", _("Called off")


class StopState(models.TextChoices):
    WAITING = "waiting", _("To come")
    ARRIVED = "arrived", _("There")
    HANDED_OVER = "handed_over", _("Handed over")
    MISSED = "missed", _("Nobody there")
    DROPPED = "dropped", _("Left out")


class Run(models.Model):
    """One round of a driver. code: its address; the driver is a member."""

    code = models.CharField(max_length=16, unique=True)
    title = models.CharField(max_length=60)
    driver = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="runs")
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.PLANNED)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    key = models.CharField(max_length=80, null=True, blank=True, unique=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="run_has_a_time"),
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="run_state_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["driver", "state", "starts_at"], name="run_of_driver")]


class Stop(models.Model):
    """One order of a run, or one load for a place where others hand over (`point`; ref: the load's word, see ports).

    A load is handed over when it is counted there: the count is the fact, the stop follows it.
    """

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="stops")
    fulfilment = models.ForeignKey(
        "fulfilment.Fulfilment", null=True, blank=True, on_delete=models.PROTECT, related_name="stops"
    )
    point = models.ForeignKey("sales.PickupPoint", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ref = models.CharField(max_length=40, blank=True, db_default="", default="")
    position = models.PositiveSmallIntegerField()
    from_at = models.DateTimeField(help_text="Begin of the window that the buyer is told")
    to_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=StopState.choices, default=StopState.WAITING)
    arrived_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    picture = models.ForeignKey("media.Picture", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["fulfilment"],
                condition=Q(state__in=["waiting", "arrived", "handed_over"]),
                name="stop_in_one_run",
            ),
            models.UniqueConstraint(fields=["run", "fulfilment"], name="stop_once_in_run"),
            models.UniqueConstraint(
                fields=["ref"], condition=~Q(ref="") & Q(state__in=["waiting", "arrived"]), name="stop_load_in_one_run"
            ),
            models.UniqueConstraint(fields=["run", "ref"], condition=~Q(ref=""), name="stop_load_once_in_run"),
            models.CheckConstraint(
                condition=Q(fulfilment__isnull=False, point=None, ref="")
                | (Q(fulfilment=None, point__isnull=False) & ~Q(ref="")),
                name="stop_is_order_or_load",
            ),
            models.CheckConstraint(condition=Q(state__in=StopState.values), name="stop_state_known"),
            models.CheckConstraint(condition=Q(to_at__gt=F("from_at")), name="stop_has_a_window"),
        ]
        indexes: ClassVar = [models.Index(fields=["run", "position"], name="stop_of_run")]
