"""Coupons (优惠券): what the merchant offers, and what each member took of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

LARGEST_MINOR = 1_000_000
MOST = 1_000_000
LARGEST_BP = 9_000


class Kind(models.TextChoices):
    AMOUNT = "amount", _("An amount off")
    PERCENT = "percent", _("A share off")


class Way(models.TextChoices):
    """How one gets it. There is no way by bringing people: a coupon is never paid for heads."""

    PAGE = "page", _("On its page")
    CODE = "code", _("By its code")
    GIVEN = "given", _("Given by the shop")


class Coupon(models.Model):
    """An offer of the merchant, who pays for it. Its terms are never edited.

    off_minor: of an amount; off_bp and cap_minor: of a share, and at most so much. from_minor: what the goods that it is for must cost at least.
    product, category: what it is for, everything when both are None; circle: only its people take it.
    [opens_at, closes_at): when it is taken; it is used within use_days of that, or until use_by. most: in all; each: for one member.
    taken: kept by the database.
    """

    code = models.CharField(max_length=16, unique=True)
    name_zh = models.CharField(max_length=30)
    name_en = models.CharField(max_length=60)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    off_minor = models.BigIntegerField(default=0)
    off_bp = models.PositiveIntegerField(default=0)
    cap_minor = models.BigIntegerField(default=0)
    from_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CNY")
    product = models.ForeignKey(
        "catalogue.Product", null=True, blank=True, on_delete=models.PROTECT, related_name="coupons"
    )
    category = models.ForeignKey(
        "catalogue.Category", null=True, blank=True, on_delete=models.PROTECT, related_name="coupons"
    )
    circle = models.ForeignKey(
        "circles.Circle", null=True, blank=True, on_delete=models.PROTECT, related_name="coupons"
    )
    way = models.CharField(max_length=8, choices=Way.choices)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    use_days = models.PositiveSmallIntegerField(null=True, blank=True)
    use_by = models.DateTimeField(null=True, blank=True)
    most = models.PositiveIntegerField()
    each = models.PositiveSmallIntegerField(default=1)
    taken = models.PositiveIntegerField(default=0, help_text=_("Kept by the database: how many were taken"))
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text=_("Called off: nobody takes it any more"))
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="amount", off_bp=0, cap_minor=0, off_minor__gte=1, off_minor__lt=F("from_minor"))
                | Q(kind="percent", off_minor=0, off_bp__gte=100, off_bp__lte=LARGEST_BP, cap_minor__gte=1),
                name="coupon_never_pays_it_all",
            ),
            models.CheckConstraint(
                condition=Q(off_minor__lte=LARGEST_MINOR, cap_minor__lte=LARGEST_MINOR, from_minor__gte=1),
                name="coupon_within_reason",
            ),
            models.CheckConstraint(condition=Q(way__in=Way.values), name="coupon_way_known"),
            models.CheckConstraint(condition=Q(product=None) | Q(category=None), name="coupon_for_one_thing"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at"))
                & (
                    Q(use_by=None, use_days__gte=1, use_days__lte=365)
                    | Q(use_days=None, use_by__gte=F("closes_at"))
                ),
                name="coupon_time_to_use_it",
            ),
            models.CheckConstraint(
                condition=Q(taken__gte=0, taken__lte=F("most"), most__gte=1, most__lte=MOST, each__gte=1, each__lte=20),
                name="coupon_never_above_its_limits",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["way", "closes_at"], condition=Q(ended_at=None), name="coupon_open")]

    def __str__(self) -> str:
        return self.name_en

    @property
    def worth_minor(self) -> int:
        """The most that one of it takes off."""
        return self.off_minor or self.cap_minor


class TakenCoupon(models.Model):
    """One coupon of one member, their `nth` of it. order: the one living order that has it; None while it is free.

    key: of the request that took or gave it. Whether it is held or used is what the order says: unpaid or paid. backs: how often it came back.
    lengthened_at: when an unpaid order that ended gave it days, which happens once.
    """

    coupon = models.ForeignKey(Coupon, on_delete=models.PROTECT, related_name="taken_by")
    member = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="coupons")
    nth = models.PositiveSmallIntegerField()
    way = models.CharField(max_length=8, choices=Way.choices)
    given_by = models.ForeignKey("accounts.Member", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=80, blank=True)
    approval = models.OneToOneField(
        "approvals.Approval", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    taken_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    order = models.OneToOneField("sales.Order", null=True, blank=True, on_delete=models.PROTECT, related_name="coupon")
    held_at = models.DateTimeField(null=True, blank=True)
    backs = models.PositiveSmallIntegerField(default=0)
    lengthened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["coupon", "member", "nth"], name="taken_coupon_counted_once"),
            models.UniqueConstraint(fields=["given_by", "key"], condition=~Q(key=""), name="taken_coupon_key_once"),
            models.UniqueConstraint(
                fields=["member", "key"], condition=Q(given_by=None) & ~Q(key=""), name="taken_coupon_own_key_once"
            ),
            models.CheckConstraint(
                condition=Q(order=None, held_at=None) | Q(order__isnull=False, held_at__isnull=False),
                name="taken_coupon_held_by_an_order",
            ),
            models.CheckConstraint(
                condition=Q(way="given", given_by__isnull=False) | (~Q(way="given") & Q(given_by=None, approval=None)),
                name="taken_coupon_given_by_somebody",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["member", "ends_at"], name="taken_coupon_of_member")]


class CodeTries(models.Model):
    """How many codes a member tried since a moment, so that nobody tries them all."""

    member = models.OneToOneField("accounts.Member", primary_key=True, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    tries = models.PositiveSmallIntegerField()
