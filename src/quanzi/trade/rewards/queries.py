"""Reading coupons into plain rows, ready to draw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q

from quanzi.base import planned
from quanzi.community.circles.queries import my_circle_ids
from quanzi.goods.catalogue.models import Product
from quanzi.goods.pricing.services import PricedLine, Quote
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.trade.rewards import rules
from quanzi.trade.rewards.models import Coupon, TakenCoupon, Way
from quanzi.trade.sales.models import OrderState

MOST = 200
DRAWN_WITH = ("coupon__product", "coupon__category", "coupon__circle", "order")


@dataclass(frozen=True, slots=True)
class Offer:
    """What a coupon says. off_bp: of a share, else 0, and off is the most that it takes off; for_*: empty for everything and everybody."""

    id: int
    code: str
    name_zh: str
    name_en: str
    kind: str
    way: str
    off: Money
    off_bp: int
    least: Money
    product_id: int | None
    for_product: str
    product_slug: str
    category_id: int | None
    for_category: str
    for_circle: str
    opens_at: datetime
    closes_at: datetime
    use_days: int | None
    use_by: datetime | None
    most: int
    each: int
    taken: int
    ended_at: datetime | None
    is_demo: bool

    def is_open(self, now: datetime) -> bool:
        """Whether anybody can take one now."""
        return self.ended_at is None and self.opens_at <= now < self.closes_at and self.taken < self.most


@dataclass(frozen=True, slots=True)
class Mine:
    """One coupon of a member. state: free, held (by an unpaid order), used, over. order: the number of the one that has it."""

    id: int
    offer: Offer
    state: str
    way: str
    reason: str
    taken_at: datetime
    ends_at: datetime
    order: str
    came_back: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A free coupon beside goods: off is what it takes off these, None where it does not hold for them."""

    mine: Mine
    off: Money | None


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of a coupon. revenue: paid for orders that have it, less what went back; off: what it took off these."""

    taken: int
    free: int
    held: int
    used: int
    over: int
    backs: int
    revenue: Money
    off: Money


def offer_of(coupon: Coupon) -> Offer:
    """The row, drawn; product, category and circle are read with it."""
    currency = coupon.currency
    return Offer(
        id=coupon.pk, code=coupon.code, name_zh=coupon.name_zh, name_en=coupon.name_en, kind=coupon.kind, way=coupon.way,
        off=Money(coupon.worth_minor, currency), off_bp=coupon.off_bp, least=Money(coupon.from_minor, currency),
        product_id=coupon.product_id, category_id=coupon.category_id,
        for_product=coupon.product.name if coupon.product else "", product_slug=coupon.product.slug if coupon.product else "",
        for_category=coupon.category.name if coupon.category else "", for_circle=coupon.circle.name if coupon.circle else "",
        opens_at=coupon.opens_at, closes_at=coupon.closes_at, use_days=coupon.use_days, use_by=coupon.use_by, most=coupon.most,
        each=coupon.each, taken=coupon.taken, ended_at=coupon.ended_at, is_demo=coupon.is_demo,
    )  # fmt: skip


def _with_all(rows: Any) -> Any:
    return rows.select_related("product", "category", "circle")


def find_offer(code: str) -> Offer | None:
    """A coupon that is taken on its page, by the code in its address; the others have none."""
    found = _with_all(Coupon.objects).filter(code=code[:16], way=Way.PAGE).first()
    return offer_of(found) if found is not None else None


def offer_by_id(coupon_id: int) -> Offer | None:
    """For the staff, of every way."""
    found = _with_all(Coupon.objects).filter(pk=coupon_id).first()
    return offer_of(found) if found is not None else None


def all_offers(*, before_id: int | None = None, limit: int = 50) -> list[Offer]:
    """For the staff, newest first."""
    rows = _with_all(Coupon.objects).order_by("-id")
    return [offer_of(one) for one in (rows.filter(pk__lt=before_id) if before_id else rows)[:limit]]


def open_offers(*, member: Member, now: datetime) -> list[Offer]:
    """What this member can take on its page now: what is for them, and of which they have not all; what ends first, first."""
    rows = _with_all(Coupon.objects).filter(way=Way.PAGE, ended_at=None, opens_at__lte=now, closes_at__gt=now)
    rows = rows.filter(Q(circle=None) | Q(circle_id__in=my_circle_ids(member))).order_by("closes_at", "id")[:MOST]
    has = Counter(TakenCoupon.objects.filter(member=member).values_list("coupon_id", flat=True))
    return [offer_of(one) for one in rows if one.taken < one.most and has[one.pk] < one.each]


def my_coupons(*, member: Member, now: datetime, only_free: bool = False) -> list[Mine]:
    """The member's own; free ones first, what ends first before what ends later, then the others, the newest first."""
    rows = TakenCoupon.objects.select_related(*DRAWN_WITH).filter(member=member)
    if only_free:
        rows = rows.filter(order=None, ends_at__gt=now)
    drawn = [_mine(one, now) for one in rows.order_by("-id")[:MOST]]
    free = sorted((one for one in drawn if one.state == "free"), key=lambda one: (one.ends_at, one.id))
    return free + [one for one in drawn if one.state != "free"]


def my_coupon(*, taken_id: int, member: Member, now: datetime) -> Mine:
    """One of the member's own, which is there."""
    return _mine(TakenCoupon.objects.select_related(*DRAWN_WITH).get(pk=taken_id, member=member), now)


def choices(*, member: Member, priced: Quote, now: datetime) -> list[Choice]:
    """The member's free coupons beside goods that are priced without any: what takes off most first. One statement, and one more for categories."""
    mine = my_coupons(member=member, now=now, only_free=True)
    wanted = {one.offer.category_id for one in mine if one.offer.category_id is not None}
    rows = (
        Product.objects.filter(pk__in={line.product_id for line in priced.lines}, category_id__in=wanted)
        if wanted
        else ()
    )
    category = {product.pk: product.category_id for product in rows}
    found = [Choice(one, _off(one.offer, priced, category)) for one in mine]
    return sorted(found, key=lambda one: (one.off is None, -(one.off.minor if one.off else 0), one.mine.ends_at))


def without_coupon(priced: Quote) -> Quote:
    """The goods as they would cost without a coupon, to compare others with it; freight as it is."""
    return replace(priced, lines=tuple(_without(line) for line in priced.lines))


def _without(line: PricedLine) -> PricedLine:
    off = sum(step.amount_minor for step in line.steps if step.kind == rules.SOURCE)
    return replace(line, total_minor=line.total_minor - off)


def _off(offer: Offer, priced: Quote, category: Mapping[int, int | None]) -> Money | None:
    """As pricing.CouponPrice works it out."""
    goods = sum(
        line.total_minor for line in priced.lines
        if (offer.product_id is None and offer.category_id is None) or line.product_id == offer.product_id
        or (offer.category_id is not None and category.get(line.product_id) == offer.category_id)
    )  # fmt: skip
    if goods < offer.least.minor or offer.least.currency != priced.currency:
        return None
    terms = {"off_minor": offer.off.minor, "off_bp": offer.off_bp, "cap_minor": offer.off.minor}
    return Money(rules.off_minor(kind=offer.kind, goods_minor=goods, **terms), priced.currency)


def counts(offer: Offer, *, now: datetime) -> Counts:
    """In one statement, from the coupons and the orders that have them."""
    values = {"coupon": offer.id, "now": now}
    taken, free, held, used, over, backs, revenue, off = planned.rows(COUNTS, values)[0]
    currency = offer.off.currency
    return Counts(taken, free, held, used, over, int(backs), Money(int(revenue), currency), Money(int(off), currency))


COUNTS = """
SELECT count(*), count(*) FILTER (WHERE t.order_id IS NULL AND t.ends_at > %(now)s), count(*) FILTER (WHERE o.state = 'placed'),
       count(*) FILTER (WHERE o.state NOT IN ('placed', 'cancelled', 'refunded')),
       count(*) FILTER (WHERE t.order_id IS NULL AND t.ends_at <= %(now)s), coalesce(sum(t.backs), 0),
       coalesce(sum(o.amount_minor - o.refunded_minor) FILTER (WHERE o.state <> 'placed'), 0),
       coalesce(sum((SELECT -sum(a.amount_minor) FROM sales_adjustment a WHERE a.order_id = o.id AND a.source = 'coupon:' || t.id))
                FILTER (WHERE o.state <> 'placed'), 0)
  FROM rewards_takencoupon t LEFT JOIN sales_order o ON o.id = t.order_id WHERE t.coupon_id = %(coupon)s
"""


def taken_by(coupon_id: int, *, now: datetime, limit: int = 50) -> Sequence[tuple[Mine, str, int]]:
    """The newest that were taken: the coupon, and whose it is by name and id."""
    rows = TakenCoupon.objects.select_related(*DRAWN_WITH, "member").filter(coupon_id=coupon_id).order_by("-id")
    return [(_mine(one, now), one.member.name, one.member_id) for one in rows[:limit]]


def _mine(taken: TakenCoupon, now: datetime) -> Mine:
    order = taken.order
    state = "free" if taken.ends_at > now else "over"
    if order is not None:
        state = "held" if order.state == OrderState.PLACED else "used"
    return Mine(
        id=taken.pk, offer=offer_of(taken.coupon), state=state, way=taken.way, reason=taken.reason, taken_at=taken.taken_at,
        ends_at=taken.ends_at, order=order.number if order is not None else "", came_back=taken.backs > 0,
    )  # fmt: skip
