"""A bargain (议价): people ask the merchant together for a price, and get an answer."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class BargainState(models.TextChoices):
    GATHERING = "gathering", _("Gathering")
    AGREED = "agreed", _("The shop made an offer")
    DECLINED = "declined", _("The shop declined")


class Bargain(models.Model):
    """Somebody's wish of a price for one variant, for whoever adds a voice until `closes_at`.

    circle: only its people see it; None: everybody. deal: the offer, which those with a voice may open teams of.
    """

    code = models.CharField(max_length=16, unique=True)
    sku = models.ForeignKey("catalogue.Sku", on_delete=models.PROTECT, related_name="bargains")
    circle = models.ForeignKey(
        "circles.Circle", null=True, blank=True, on_delete=models.PROTECT, related_name="bargains"
    )
    opener = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="bargains")
    wish_minor = models.BigIntegerField(help_text=_("Wished price of one unit"))
    single_minor = models.BigIntegerField(help_text=_("Price of one unit when it was asked"))
    currency = models.CharField(max_length=3, default="CNY")
    words = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=BargainState.choices, default=BargainState.GATHERING)
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=200, blank=True)
    deal = models.OneToOneField(
        "deals.GroupDeal", null=True, blank=True, on_delete=models.PROTECT, related_name="bargain"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(wish_minor__gt=0) & Q(wish_minor__lt=F("single_minor")), name="bargain_wishes_less"
            ),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opened_at")), name="bargain_closes_after_opening"),
            models.CheckConstraint(
                condition=Q(state="gathering", answered_at=None, deal=None)
                | Q(state="agreed", answered_at__isnull=False, deal__isnull=False)
                | (Q(state="declined", answered_at__isnull=False, deal=None) & ~Q(answer="")),
                name="bargain_answer_is_whole",
            ),
            models.UniqueConstraint(
                fields=["opener", "sku"], condition=Q(state="gathering"), name="bargain_once_for_each_wish"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "-id"], name="bargain_by_state")]

    def __str__(self) -> str:
        return self.code


class Voice(models.Model):
    """One member who would take so many at about that price. It binds nobody, and may be taken back."""

    bargain = models.ForeignKey(Bargain, on_delete=models.PROTECT, related_name="voices")
    member = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveSmallIntegerField()
    said_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bargain", "member"], name="voice_once_for_each_member"),
            models.CheckConstraint(condition=Q(quantity__gte=1) & Q(quantity__lte=99), name="voice_of_something"),
        ]
