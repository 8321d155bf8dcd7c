"""What leaders earn by handing goods over, and how it is settled."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Earning(models.Model):
    """The leader's part of one line of a round: `rate_bp` of what was paid. Owed once the goods are kept (`payable_at`)."""

    line = models.OneToOneField("sales.OrderLine", on_delete=models.PROTECT, related_name="leader_earning")
    station = models.ForeignKey("stations.Station", on_delete=models.PROTECT, related_name="earnings")
    leader = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="station_earnings")
    rate_bp = models.PositiveIntegerField()
    amount_minor = models.BigIntegerField()
    reversed_minor = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()
    payable_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount_minor__gte=0, reversed_minor__gte=0, reversed_minor__lte=F("amount_minor")),
                name="leader_earning_reversed_within_amount",
            ),
            models.CheckConstraint(condition=Q(rate_bp__lte=5000), name="leader_earning_rate"),
        ]
        indexes: ClassVar = [models.Index(fields=["leader", "id"], name="leader_earning_of_leader")]


class Settlement(models.Model):
    """One transfer to a leader, made outside and written down here with its reference. Never edited."""

    leader = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="station_settlements")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CNY")
    reference = models.CharField(max_length=64)
    key = models.CharField(max_length=120, unique=True)
    made_by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(
        "accounts.Member", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="leader_settlement_above_zero"),
            models.CheckConstraint(condition=~Q(made_by=F("leader")), name="leader_settlement_not_by_oneself"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("made_by")), name="leader_settlement_by_two"
            ),
        ]


class SettlementLine(models.Model):
    """What one earning adds to a settlement; below zero when its goods went back after it was settled."""

    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="lines")
    earning = models.ForeignKey(Earning, on_delete=models.PROTECT, related_name="settled")
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["settlement", "earning"], name="leader_settlement_line_once"),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="leader_settlement_line_of_something"),
        ]
