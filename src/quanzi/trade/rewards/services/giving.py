"""A coupon given by the shop to one member, with a reason; above a limit a second person agrees first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from quanzi.base.audit.services import write as audit
from quanzi.kernel.clock import midnight, today
from quanzi.kernel.errors import NotAllowed
from quanzi.people.accounts.models import Member
from quanzi.people.approvals import rules as limits
from quanzi.people.approvals import services as approvals
from quanzi.people.approvals.errors import KeyReused, SecondPersonNeeded
from quanzi.people.approvals.models import Approval
from quanzi.people.contact.services import notify
from quanzi.trade.rewards import errors, rules
from quanzi.trade.rewards.models import Coupon, TakenCoupon, Way
from quanzi.trade.rewards.policies import GIVING, may_give
from quanzi.trade.rewards.services.taking import take


@transaction.atomic
def give_or_ask(
    *, coupon_id: int, member_id: int, reason: str, staff: Member, idempotency_key: str, now: datetime
) -> TakenCoupon | Approval:
    """Give it, or write a request when the coupons that this person gave today are worth more than one gives alone.

    Raises what `give` raises, and what asking raises.
    """
    request: dict[str, Any] = {"coupon_id": coupon_id, "member_id": member_id}
    known = approvals.asked(key=idempotency_key, by=staff, target=f"coupon:{coupon_id}", request=request)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return give(**request, reason=reason, staff=staff, idempotency_key=idempotency_key, now=now)
    except SecondPersonNeeded as needed:
        return approvals.ask(
            deed=CouponDeed.name, target=f"coupon:{coupon_id}", amount_minor=needed.amount_minor, reason=reason,
            currency=Coupon.objects.values_list("currency", flat=True).get(pk=coupon_id), request=request, asked_by=staff,
            key=idempotency_key, now=now,
        )  # fmt: skip


@transaction.atomic
def give(
    *,
    coupon_id: int,
    member_id: int,
    reason: str,
    staff: Member,
    idempotency_key: str,
    approval: Approval | None = None,
    now: datetime,
) -> TakenCoupon:
    """One of a coupon that is given, to this member. The same key finds the first.

    Raises NotAllowed, NotToYourself, ReasonNeeded, NoSuchCoupon, KeyReused, SecondPersonNeeded, NotTakenNow, AllTaken, TakenBefore, CircleOnly.
    """
    if not may_give(staff):
        raise NotAllowed()
    if member_id == staff.pk:
        raise errors.NotToYourself()
    reason = reason.replace("\x00", "").strip()
    if not 1 <= len(reason) <= rules.LONGEST_REASON:
        raise errors.ReasonNeeded(field="reason", most=rules.LONGEST_REASON)
    coupon = Coupon.objects.select_for_update(of=("self",)).select_related("circle").filter(pk=coupon_id).first()
    member = Member.objects.filter(pk=member_id, is_active=True).first()
    if coupon is None or coupon.way != Way.GIVEN or member is None:
        raise errors.NoSuchCoupon()
    known = TakenCoupon.objects.filter(given_by=staff, key=idempotency_key[:80]).first()
    if known is not None:
        if (known.coupon_id, known.member_id) != (coupon_id, member_id):
            raise KeyReused()
        return known
    if approval is None:
        _check_limit(coupon, staff, now)
    made = take(
        coupon, member=member, now=now, way=Way.GIVEN, given_by=staff, reason=reason, key=idempotency_key[:80], approval=approval
    )  # fmt: skip
    audit(
        actor=staff, action="coupon.given", target=f"taken_coupon:{made.pk}", after={"coupon": coupon.pk, "reason": reason}, now=now
    )  # fmt: skip
    notify(
        member_id=member_id, kind="coupon_given", params={"reason": reason}, link="/me/coupons", key=f"coupon_given:{made.pk}", now=now
    )  # fmt: skip
    return made


class CouponDeed:
    """A coupon given, to which a second person agrees."""

    name = "coupon.give"
    title = "Coupon given"
    needs = GIVING

    def gains(self, approval: Approval) -> int | None:
        return int(approval.request["member_id"])

    def carry_out(self, approval: Approval, *, now: datetime) -> str:
        made = give(
            **approval.request, reason=approval.reason, staff=approval.asked_by, idempotency_key=f"approval:{approval.pk}",
            approval=approval, now=now,
        )  # fmt: skip
        return f"taken_coupon:{made.pk}"


def _check_limit(coupon: Coupon, staff: Member, now: datetime) -> None:
    with connection.cursor() as cursor:  # two gifts of one person are counted one after the other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('coupons given'), %s)", [staff.pk])
    begin = midnight(today(now))
    of_day: Any = TakenCoupon.objects.filter(
        given_by=staff, approval=None, taken_at__gte=begin, taken_at__lt=begin + timedelta(days=1), coupon__currency=coupon.currency
    ).select_related("coupon")  # fmt: skip
    given = sum(one.coupon.worth_minor for one in of_day)
    approvals.check_limit(
        name=limits.COUPON_DAY, before_minor=given, amount_minor=coupon.worth_minor, currency=coupon.currency
    )
