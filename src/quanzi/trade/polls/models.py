"""A question to friends before buying: who asks, about which goods, whom, and what they say."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class PollEnd(models.TextChoices):
    OPEN = "", _("Open")
    TIME = "time", _("The time is over")
    DECIDED = "decided", _("Decided")
    BOUGHT = "bought", _("Bought")


class Decision(models.TextChoices):
    UNTOLD = "", _("Not told yet")
    TAKES = "takes", _("I take it")
    OTHER = "other", _("I take something else")
    NOT = "not", _("I do not take it")


class Says(models.TextChoices):
    NOTHING = "", _("Not answered yet")
    YES = "yes", _("Yes")
    NO = "no", _("No")


class Poll(models.Model):
    """A member asks some of their own people about one to four goods; until `closes_at` one unit of each and its price are held.

    Only the asker and the asked see it. decision, told: what the asker says came of it, when they say so.
    """

    code = models.CharField(max_length=16, unique=True)
    asker = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="polls")
    words = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=10, blank=True, choices=PollEnd.choices, default=PollEnd.OPEN)
    decision = models.CharField(max_length=10, blank=True, choices=Decision.choices, default=Decision.UNTOLD)
    told = models.CharField(max_length=200, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("asked_at")), name="poll_closes_after_asking"),
            models.CheckConstraint(
                condition=Q(ended_at=None, end_reason="") | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="poll_ends_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(told_at=None, decision="", told="") | (Q(told_at__isnull=False) & ~Q(decision="")),
                name="poll_told_is_whole",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["asker", "-id"], name="poll_of_asker"),
            models.Index(fields=["closes_at"], condition=Q(ended_at=None), name="poll_open"),
        ]

    def __str__(self) -> str:
        return self.code


class Good(models.Model):
    """One of the goods asked about. price_minor: what one costs until the question ends; order: the one that took it, or None.

    lost_at: its unit could not be held again after an order of it ended unpaid.
    """

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="goods")
    sku = models.ForeignKey("catalogue.Sku", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CNY")
    order = models.OneToOneField(
        "sales.Order", null=True, blank=True, on_delete=models.PROTECT, related_name="asked_good"
    )
    lost_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["poll", "sku"], name="poll_good_once"),
            models.UniqueConstraint(fields=["poll", "position"], name="poll_good_in_its_place"),
            models.CheckConstraint(
                condition=Q(position__gte=1) & Q(position__lte=4), name="poll_of_four_goods_at_most"
            ),
            models.CheckConstraint(condition=Q(price_minor__gt=0), name="poll_good_has_a_price"),
        ]


class Asked(models.Model):
    """Somebody who was asked, and their one answer. good: which they say yes to; None for no.

    has_it: says that they have it, shown as a fact only while a kept line of theirs says so too. Nobody but the asker reads it.
    experience: what they let others read of it, a post of their own about goods that they kept. thanked_at: the asker says that it helped.
    """

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="asked")
    member = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    says = models.CharField(max_length=10, blank=True, choices=Says.choices, default=Says.NOTHING)
    good = models.ForeignKey(Good, null=True, blank=True, on_delete=models.PROTECT, related_name="voices")
    words = models.CharField(max_length=200, blank=True)
    has_it = models.BooleanField(default=False)
    answered_at = models.DateTimeField(null=True, blank=True)
    thanked_at = models.DateTimeField(null=True, blank=True)
    experience = models.OneToOneField(
        "experiences.Experience", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["poll", "member"], name="poll_one_voice_each"),
            models.CheckConstraint(
                condition=Q(says="", good=None, answered_at=None, words="", has_it=False)
                | Q(says="yes", good__isnull=False, answered_at__isnull=False)
                | Q(says="no", good=None, answered_at__isnull=False),
                name="poll_answer_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(thanked_at=None) | Q(answered_at__isnull=False), name="poll_thanks_for_an_answer"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["member", "-asked_at"], name="poll_asked_of_member")]


class Openness(models.Model):
    """Whether a member's people may ask them; without a row they may."""

    member = models.OneToOneField("accounts.Member", on_delete=models.CASCADE, primary_key=True, related_name="+")
    may_be_asked = models.BooleanField()
    changed_at = models.DateTimeField()
