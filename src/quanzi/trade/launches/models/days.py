"""A brand day: one maker, a page for some hours, goods at the price of the day."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class BrandDay(models.Model):
    """A maker's page that is open in [starts_at, ends_at). Terms are never edited once it is open; afterwards it is a record."""

    slug = models.CharField(max_length=12, unique=True)
    maker = models.ForeignKey("catalogue.Maker", on_delete=models.PROTECT, related_name="brand_days")
    title = models.CharField(max_length=40)
    story = models.TextField(max_length=2000, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    called_off_at = models.DateTimeField(null=True, blank=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="brand_day_times_in_order"),
        ]
        indexes: ClassVar = [models.Index(fields=["ends_at"], name="brand_day_by_end")]

    def __str__(self) -> str:
        return self.title


class DayGood(models.Model):
    """One SKU of a brand day with its price for one unit."""

    day = models.ForeignKey(BrandDay, on_delete=models.PROTECT, related_name="goods")
    sku = models.ForeignKey("catalogue.Sku", on_delete=models.PROTECT, related_name="day_goods")
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CNY")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "sku"], name="day_good_once"),
            models.CheckConstraint(condition=Q(price_minor__gt=0), name="day_good_price_positive"),
        ]
        indexes: ClassVar = [models.Index(fields=["sku"], name="day_good_of_sku")]


class Reminder(models.Model):
    """A member would like to be told when a brand day opens. Told once; a line of its own in what they hear from us."""

    day = models.ForeignKey(BrandDay, on_delete=models.CASCADE, related_name="reminders")
    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="day_reminders")
    asked_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["day", "member"], name="day_reminder_once")]
        indexes: ClassVar = [models.Index(fields=["day"], condition=Q(told_at=None), name="day_reminder_untold")]
