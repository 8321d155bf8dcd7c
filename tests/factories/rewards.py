"""Coupons for tests."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from quanzi.base import doctor
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.trade.rewards import services
from quanzi.trade.rewards.models import Coupon, TakenCoupon
from quanzi.trade.rewards.services.taking import take
from quanzi.trade.sales.models import Order
from tests.factories.trade import make_order, make_staff


def make_coupon(*, now: datetime | None = None, staff: Member | None = None, **terms: Any) -> Coupon:
    """5.00 off from 20.00, taken on its page within a month, used within ten days."""
    now = now or clock.now()
    usual = {
        "name_zh": "见面礼", "name_en": "Welcome", "kind": "amount", "way": "page", "from_minor": 2_000, "off_minor": 500,
        "opens_at": now, "closes_at": now + timedelta(days=30), "most": 100, "each": 1, "use_days": 10,
    }  # fmt: skip
    if "use_by" in terms:
        usual["use_days"] = None
    return services.make_coupon(terms=services.Terms(**{**usual, **terms}), actor=staff or make_staff("owner"), now=now)


def make_taken(member: Member, *, now: datetime | None = None, **terms: Any) -> TakenCoupon:
    """A free coupon of this member."""
    coupon = make_coupon(now=now, **terms)
    with transaction.atomic():
        return take(coupon, member=member, now=now or clock.now())


def order_with(taken: TakenCoupon, *, now: datetime | None = None, **fields: Any) -> Order:
    return make_order(member=taken.member, context={"coupon_id": taken.pk}, now=now, **fields)


def assert_coupons_add_up() -> None:
    """Deferred checks pass, and the doctor finds nothing about money, goods and coupons."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    ill = [
        (one.id, one.sample)
        for one in doctor.run(only=("CP1", "CP2", "O2", "O2.steps", "R1.orders", "S2.orders", "L1"))
        if not one.is_well
    ]
    assert not ill, ill
