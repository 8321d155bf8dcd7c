"""Plans that begin with samples in a few hands, who was asked, and what members are told of their own reach."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PlanState(models.TextChoices):
    COUNTING = "counting", _("Being counted")
    READY = "ready", _("Ready to ask")
    ASKING = "asking", _("Samples are going out")
    CLOSED = "closed", _("Closed")


class Plan(models.Model):
    """Samples of one variant for so many members, chosen by how far their word goes.

    samples: at most so many are out or promised at once; unit_cost_minor: cost of one with what it costs to send; seed: makes the choice repeat.
    telling_bp: chance in basis points that a tie of full strength passes a word on; telling_seen: arrivals that this was learnt from (0: assumed).
    percent: how far the counting is; outcome: what it found (rules.outcome says the keys).
    """

    name = models.CharField(max_length=80)
    sku = models.ForeignKey("catalogue.Sku", on_delete=models.PROTECT, related_name="+")
    samples = models.PositiveSmallIntegerField()
    unit_cost_minor = models.BigIntegerField()
    budget_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CNY")
    state = models.CharField(max_length=10, choices=PlanState.choices, default=PlanState.COUNTING)
    seed = models.PositiveIntegerField()
    telling_bp = models.PositiveSmallIntegerField(default=0)
    telling_seen = models.PositiveIntegerField(default=0)
    percent = models.PositiveSmallIntegerField(default=0)
    outcome = models.JSONField(default=dict)
    made_by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    counted_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(help_text="Arrivals count until then")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(samples__gte=1, samples__lte=500), name="plan_of_some_samples"),
            models.CheckConstraint(
                condition=Q(unit_cost_minor__gte=0, budget_minor__gte=models.F("samples") * models.F("unit_cost_minor")),
                name="plan_within_its_budget",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("made_at")), name="plan_ends_later"),
        ]  # fmt: skip


class SeedState(models.TextChoices):
    CHOSEN = "chosen", _("Chosen")
    ASKED = "asked", _("Asked")
    ACCEPTED = "accepted", _("Would like to")
    SENT = "sent", _("Has the sample")
    DECLINED = "declined", _("Would rather not")
    LEFT = "left", _("Not asked any more")


LIVE = (SeedState.ASKED, SeedState.ACCEPTED, SeedState.SENT)
"""For these a sample is held, or gone."""


class Seed(models.Model):
    """A member chosen for a plan, in the order of the choice. adds: people whom they were expected to add to those before them.

    Asked only with the standing consent "samples", once in thirty days (trigger, migration 0002). Nothing here is a sale: the sample leaves
    the shelf as written off, no order stands behind it, and where the member writes about the goods it says so.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="seeds")
    member = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    adds = models.FloatField()
    state = models.CharField(max_length=10, choices=SeedState.choices, default=SeedState.CHOSEN)
    asked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    address = models.ForeignKey("accounts.Address", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "member"], name="seed_once"),
            models.UniqueConstraint(fields=["plan", "place"], name="seed_has_its_place"),
            models.CheckConstraint(
                condition=Q(state__in=["chosen", "left"]) | Q(asked_at__isnull=False), name="seed_was_asked"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "declined", "sent"]) | Q(answered_at__isnull=False),
                name="seed_answered",
            ),
            models.CheckConstraint(condition=Q(sent_at=None) ^ Q(state="sent"), name="seed_sent_says_when"),
        ]
        indexes: ClassVar = [models.Index(fields=["member", "-asked_at"], name="seed_of_member")]


class Reach(models.Model):
    """What a member who wants to know is told: people within three steps, and how many of them a word of theirs would come to (9 of 10 times).

    Gone with the consent. Told in rounded numbers, so that no single tie of anybody else can be read from them.
    """

    member = models.OneToOneField("accounts.Member", primary_key=True, on_delete=models.CASCADE, related_name="+")
    within = models.PositiveIntegerField()
    low = models.PositiveIntegerField()
    high = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(low__lte=models.F("high")), name="reach_from_low_to_high")
        ]


class CallState(models.TextChoices):
    ASKED = "asked", _("Asked")
    WILLING = "willing", _("Would like to")
    DECLINED = "declined", _("Would rather not")


class Call(models.Model):
    """The shop asks a member to look after a station in their area. reasons: facts, as they were when it asked, that the member reads too.

    Only with the standing consent "leading", once in ninety days (trigger, migration 0002). It names no money: nothing is paid for heads.
    """

    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="+")
    area = models.CharField(max_length=60)
    reasons = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=CallState.choices, default=CallState.ASKED)
    asked_by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state="asked") ^ Q(answered_at__isnull=False), name="call_answered")
        ]
        indexes: ClassVar = [models.Index(fields=["member", "-id"], name="call_of_member")]
