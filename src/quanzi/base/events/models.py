"""Outbox rows and who has applied them."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Event(models.Model):
    """One announced fact; `delivered_at` is set when every consumer has applied it."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=100)
    key = models.CharField(max_length=100, blank=True, default="")
    payload = models.JSONField()
    occurred_at = models.DateTimeField()
    # The database's own clock: a replayed history is not late because its events happened long ago.
    recorded_at = models.DateTimeField(db_default=Now())
    delivered_at = models.DateTimeField(null=True, blank=True)
    # Empty until first tried: "never touched" is what later events of the same key wait for.
    next_attempt_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(delivered_at__isnull=True),
                name="events_event_waiting",
            ),
            models.Index(
                fields=["key", "id"],
                condition=Q(delivered_at__isnull=True) & ~Q(key=""),
                name="events_event_waiting_key",
            ),
            models.Index(fields=["name", "id"], name="events_event_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"


class Delivery(models.Model):
    """One consumer's answer to one event; the unique pair makes its effect happen once."""

    id = models.BigAutoField(primary_key=True)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="deliveries")
    consumer = models.CharField(max_length=100)
    applied_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consumer", "event"], name="events_delivery_once"),
        ]
        indexes = [
            models.Index(
                fields=["event"],
                condition=Q(applied_at__isnull=True),
                name="events_delivery_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consumer} of event {self.event_id}"
