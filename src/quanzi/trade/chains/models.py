"""A sign-up chain (接龙): what a circle orders together from a list that everybody in it sees."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ChainState(models.TextChoices):
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    CALLED_OFF = "called_off", _("Called off")


class Chain(models.Model):
    """Opened by somebody who keeps the circle, or by a leader in it. Its times, place and prices are never edited.

    Whoever signs up pays at any time from then until `pay_until`, which lies behind `closes_at`.
    """

    code = models.CharField(max_length=16, unique=True)
    circle = models.ForeignKey("circles.Circle", on_delete=models.PROTECT, related_name="chains")
    opener = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="chains")
    title = models.CharField(max_length=60)
    note = models.CharField(max_length=300, blank=True)
    point = models.ForeignKey("sales.PickupPoint", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ChainState.choices, default=ChainState.OPEN)
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    pay_until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=80, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opened_at")) & Q(pay_until__gt=F("closes_at")), name="chain_times_in_order"
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None) | (~Q(state="open") & Q(ended_at__isnull=False)),
                name="chain_ended_has_a_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["circle", "-id"], name="chain_of_circle"),
            models.Index(fields=["closes_at"], condition=Q(state="open"), name="chain_due"),
        ]

    def __str__(self) -> str:
        return self.code


class ChainGood(models.Model):
    """One of the goods of a chain. price_minor: of one unit in this chain, never above the list price."""

    chain = models.ForeignKey(Chain, on_delete=models.CASCADE, related_name="goods")
    sku = models.ForeignKey("catalogue.Sku", on_delete=models.PROTECT, related_name="+")
    price_minor = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chain", "sku"], name="chain_good_once"),
            models.CheckConstraint(condition=Q(price_minor__gt=0), name="chain_price_positive"),
        ]


class SignUp(models.Model):
    """A place in the list, tied to one order; a change is a new order in the same place.

    since: when the member came into the list, which decides the number; it stays when the wish changes.
    """

    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="sign_ups")
    member = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="+")
    order = models.OneToOneField("sales.Order", on_delete=models.PROTECT, related_name="sign_up")
    words = models.CharField(max_length=60, blank=True)
    since = models.DateTimeField()
    signed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["chain", "member"], condition=Q(ended_at=None), name="sign_up_once_per_member"
            ),
        ]
