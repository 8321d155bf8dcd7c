"""Where a leader hands goods over, and how somebody becomes one."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ApplicationState(models.TextChoices):
    ASKED = "asked", _("Waiting for an answer")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")


class StationApplication(models.Model):
    """A member would like to run a station. One open application for each member."""

    member = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="station_applications")
    name = models.CharField(max_length=40)
    area = models.CharField(max_length=60, help_text=_("The estates or streets it would serve"))
    address = models.CharField(max_length=120)
    hours = models.CharField(max_length=60)
    capacity = models.PositiveIntegerField(help_text=_("Orders of one round that the place can hold"))
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=ApplicationState.choices, default=ApplicationState.ASKED)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        "accounts.Member", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    answer = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(state="asked"), name="station_application_open_once"
            ),
            models.CheckConstraint(
                condition=Q(capacity__gte=1, capacity__lte=2000), name="station_application_capacity"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_at=None) | (~Q(state="asked") & Q(decided_at__isnull=False)),
                name="station_application_decided_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("member")), name="station_application_not_by_oneself"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "id"], name="station_application_by_state")]


class Station(models.Model):
    """A pickup point that takes part in rounds. `code` is in its address and on its QR sheet; distances in metres."""

    point = models.OneToOneField("sales.PickupPoint", on_delete=models.PROTECT, related_name="station")
    application = models.OneToOneField(
        StationApplication, null=True, blank=True, on_delete=models.PROTECT, related_name="station"
    )
    code = models.CharField(max_length=12, unique=True)
    area = models.CharField(max_length=60)
    capacity = models.PositiveIntegerField(help_text=_("Orders of one round that the place can hold"))
    brings_to_door = models.BooleanField(default=False, help_text=_("The leader carries goods up for who asks"))
    opened_at = models.DateTimeField()
    shows_score = models.BooleanField(default=False, help_text=_("Its page shows what its facts come to"))

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(capacity__gte=1, capacity__lte=2000), name="station_capacity"),
        ]

    def __str__(self) -> str:
        return self.code
