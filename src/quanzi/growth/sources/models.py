"""Where people come from. Every arrival carries a source; touches are kept, and spend is written against them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SourceKind(models.TextChoices):
    DIRECT = "direct", _("Direct visit")
    INVITATION = "invitation", _("Friend's invitation")
    SHARE = "share", _("Shared link")
    CIRCLE = "circle", _("Circle link")
    TEAM = "team", _("Team link")
    PARCEL = "parcel", _("Parcel code")
    STATION = "station", _("Pickup point code")
    NOTE = "note", _("Note on another platform")
    AD = "ad", _("Advertisement")
    SAMPLE = "sample", _("Samples")
    IMPORT = "import", _("Import")
    PAY = "pay", _("Pay link")
    CHAIN = "chain", _("Passed on and on (advertising)")


class Source(models.Model):
    """A named, measured way in. `token` stands in links and QR codes; `utm` matches "source/medium/campaign"."""

    kind = models.CharField(max_length=12, choices=SourceKind.choices)
    name = models.CharField(max_length=80)
    token = models.CharField(max_length=24, unique=True)
    utm = models.CharField(max_length=160, blank=True)
    owner = models.ForeignKey(
        "accounts.Member", null=True, blank=True, on_delete=models.SET_NULL, related_name="sources"
    )
    circle = models.ForeignKey(
        "circles.Circle", null=True, blank=True, on_delete=models.SET_NULL, related_name="sources"
    )
    target = models.CharField(max_length=200, default="/", help_text=_("Path on this shop where the link leads"))
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["utm"], condition=~Q(utm=""), name="source_utm_once"),
            models.CheckConstraint(
                condition=Q(target__startswith="/") & ~Q(target__startswith="//"), name="source_target_is_a_path"
            ),
        ]


class Visitor(models.Model):
    """A browser that came. `member` is set when the person signs up or logs in; earlier touches then belong to them."""

    key = models.CharField(max_length=40, unique=True)
    member = models.ForeignKey(
        "accounts.Member", null=True, blank=True, on_delete=models.SET_NULL, related_name="visitors"
    )
    first_seen_at = models.DateTimeField()


class Touch(models.Model):
    """One arrival through a source. Append-only.

    depth: how many hands the link went through, written by the database (migration 0004) and never changed: 0 for a source of nobody's,
    1 for the link of somebody who speaks for themselves, else one more than the link by which its owner came. 9 is nine or more.
    """

    visitor = models.ForeignKey(Visitor, on_delete=models.CASCADE, related_name="touches")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="touches")
    member = models.ForeignKey(
        "accounts.Member", null=True, blank=True, on_delete=models.SET_NULL, related_name="touches"
    )
    path = models.CharField(max_length=200)
    happened_at = models.DateTimeField()
    depth = models.PositiveSmallIntegerField(
        default=0,
        db_default=0,
        editable=False,
        help_text="How many hands the link went through; 0: of nobody's hand, 9: nine or more",
    )

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(depth__lte=9), name="touch_depth_is_cut")]
        indexes: ClassVar = [
            models.Index(fields=["visitor", "happened_at"]),
            models.Index(fields=["source", "happened_at"]),
            models.Index(fields=["member", "happened_at"]),
        ]


class Spend(models.Model):
    """Money spent on a source, dated; posted to the ledger too (spend.marketing)."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="spends")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CNY")
    spent_on = models.DateField()
    what = models.CharField(max_length=80)
    key = models.CharField(max_length=80, unique=True)
    actor = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(amount_minor__gt=0), name="spend_positive")]
