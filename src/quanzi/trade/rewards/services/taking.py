"""A member takes a coupon: on its page, or by its code. The coupon's row is locked while its limits are looked at."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from quanzi.base import planned
from quanzi.base.events.services import record
from quanzi.community.circles.policies import is_in
from quanzi.kernel import crash
from quanzi.kernel.errors import DomainError
from quanzi.kernel.ids import read_code
from quanzi.people.accounts.models import Member
from quanzi.trade.rewards import errors, rules
from quanzi.trade.rewards.events import CouponTaken
from quanzi.trade.rewards.models import Coupon, TakenCoupon, Way
from quanzi.trade.sales.errors import KeyReused

TRY = """
INSERT INTO rewards_codetries (member_id, since, tries) VALUES (%(member)s, %(now)s, 1)
ON CONFLICT (member_id) DO UPDATE SET
    since = CASE WHEN rewards_codetries.since <= %(ago)s THEN %(now)s ELSE rewards_codetries.since END,
    tries = CASE WHEN rewards_codetries.since <= %(ago)s THEN 1 ELSE rewards_codetries.tries + 1 END
 WHERE rewards_codetries.since <= %(ago)s OR rewards_codetries.tries < %(most)s
RETURNING tries
"""


@transaction.atomic
def take_coupon(*, code: str, member: Member, idempotency_key: str = "", now: datetime) -> TakenCoupon:
    """Take one on its page. The same key finds the one that it took.

    Raises NoSuchCoupon, KeyReused, NotTakenNow, CircleOnly, AllTaken, TakenBefore.
    """
    known = _known(member, idempotency_key, code)
    return known or take(_locked(code, Way.PAGE), member=member, now=now, key=idempotency_key)


def take_by_code(*, code: str, member: Member, idempotency_key: str = "", now: datetime) -> TakenCoupon:
    """Take what a code holds. Every try counts, also when it is refused: call it outside a transaction. The same key finds
    the one that it took, which is no try.

    Raises TooManyCodes, KeyReused, TakenBefore, and CodeHoldsNothing whatever else is in the way.
    """
    written = read_code(code[:40])
    with transaction.atomic():
        known = _known(member, idempotency_key, written)
        if known is not None:
            return known
        counted = planned.rows(
            TRY, {"member": member.pk, "now": now, "ago": now - timedelta(hours=1), "most": rules.CODES_PER_HOUR}
        )
    if not counted:
        raise errors.TooManyCodes()
    try:
        with transaction.atomic():
            known = _known(member, idempotency_key, written)  # the same form, sent twice at once
            return known or take(_locked(written, Way.CODE), member=member, now=now, key=idempotency_key)
    except (errors.TakenBefore, KeyReused):
        raise
    except DomainError:
        raise errors.CodeHoldsNothing(field="code") from None


def _known(member: Member, key: str, code: str) -> TakenCoupon | None:
    """What this member took with this key; until the transaction ends nobody else asks about it. Raises KeyReused."""
    if not key:
        return None
    planned.rows("SELECT pg_advisory_xact_lock(hashtextextended('coupon taken:' || %s, %s))", [key, member.pk])
    found = TakenCoupon.objects.select_related("coupon").filter(member=member, given_by=None, key=key).first()
    if found is not None and found.coupon.code != code:
        raise KeyReused()
    return found


def take(coupon: Coupon, *, member: Member, now: datetime, **how: Any) -> TakenCoupon:
    """One of a locked coupon for this member. how: more columns, when the shop gives it. Raises what take_coupon raises but NoSuchCoupon."""
    if coupon.ended_at is not None or not coupon.opens_at <= now < coupon.closes_at:
        raise errors.NotTakenNow()
    has = TakenCoupon.objects.filter(coupon=coupon, member=member).count()
    if has >= coupon.each:
        raise errors.TakenBefore(each=coupon.each)
    if coupon.taken >= coupon.most:
        raise errors.AllTaken()
    if coupon.circle is not None and not is_in(member, coupon.circle):
        raise errors.CircleOnly(circle=coupon.circle.name)
    made: TakenCoupon = TakenCoupon.objects.create(
        coupon=coupon, member=member, nth=has + 1, taken_at=now,
        ends_at=coupon.use_by or now + timedelta(days=coupon.use_days or 1), **{"way": coupon.way, **how},
    )  # fmt: skip
    crash.point("rewards.take.written")
    record(CouponTaken(taken_id=made.pk, coupon_id=coupon.pk, member_id=member.pk, way=made.way), now=now)
    return made


def _locked(code: str, way: str) -> Coupon:
    rows = Coupon.objects.select_for_update(of=("self",)).select_related("circle")
    found = rows.filter(code=code, way=way).first()
    if found is None:
        raise errors.NoSuchCoupon()
    return found
