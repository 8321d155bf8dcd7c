"""Who is told, what was told, and how each telling went."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class EndpointState(models.TextChoices):
    ON = "on", _("On")
    OFF = "off", _("Switched off")
    PAUSED = "paused", _("Paused: did not answer for three days")
    GONE = "gone", _("Said that it is gone")


class Endpoint(models.Model):
    """An address of somebody's program. Its secret is derived from `seed` and the key of the shop, and stored nowhere.

    fails: attempts that went wrong since the last that went well; while there are any, it is asked with one delivery at a
    time, and not before `rest_until`.
    """

    url = models.CharField(max_length=500)
    description = models.CharField(max_length=120, blank=True)
    kinds = models.JSONField(default=list, help_text=_("Names of the events that it hears"))
    state = models.CharField(max_length=6, choices=EndpointState.choices, default=EndpointState.ON)
    seed = models.CharField(max_length=44)
    old_seed = models.CharField(max_length=44, blank=True)
    old_until = models.DateTimeField(null=True, blank=True, help_text=_("Until then the secret before signs as well"))
    fails = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    rest_until = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey("accounts.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(old_seed="") | Q(old_until__isnull=False), name="webhook_old_secret_ends"
            ),
            models.CheckConstraint(
                condition=Q(fails=0, failing_since=None) | Q(fails__gt=0, failing_since__isnull=False),
                name="webhook_fails_since",
            ),
        ]

    def __str__(self) -> str:
        return self.url


class Message(models.Model):
    """One event as it is told: the same bytes for every endpoint and every attempt. `token` is its webhook-id."""

    token = models.CharField(max_length=30, unique=True)
    kind = models.CharField(max_length=40)
    body = models.TextField()
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "made_at"], name="webhook_message_kind")]

    def __str__(self) -> str:
        return self.token


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    GIVEN_UP = "given_up", _("Given up")


class Delivery(models.Model):
    """One message for one endpoint. While it is under way, `due_at` lies ahead, so that a killed sender's work is done again."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=9, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    due_at = models.DateTimeField()
    first_at = models.DateTimeField(null=True, blank=True, help_text=_("The first attempt since it was last asked for"))
    tries = models.PositiveIntegerField(default=0, help_text=_("Attempts since it was last asked for"))
    status = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("Of the newest answer; 0 for none"))
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["endpoint", "message"], name="webhook_delivery_once")]
        indexes: ClassVar = [
            models.Index(
                fields=["endpoint", "due_at", "id"], condition=Q(state="waiting"), name="webhook_delivery_due"
            ),
            models.Index(fields=["endpoint", "-id"], name="webhook_delivery_newest"),
        ]


class Attempt(models.Model):
    """One request and its answer: status (0 for none), milliseconds, the first 2 KB of what was said."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField()
    ms = models.PositiveIntegerField()
    trouble = models.CharField(max_length=60, blank=True)
    answer = models.TextField(blank=True)


class Replay(models.Model):
    """Everything of some kinds and days, told to one endpoint once more. `done` of `total` messages wait or went."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="replays")
    kinds = models.JSONField(default=list)
    since = models.DateTimeField()
    until = models.DateTimeField()
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    reached = models.BigIntegerField(default=0, help_text=_("The last message that was put on its way"))
    asked_by = models.ForeignKey("accounts.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["endpoint"], condition=Q(finished_at=None), name="webhook_replay_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(since__lt=models.F("until")), name="webhook_replay_range"),
        ]
