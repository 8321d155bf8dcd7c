"""Coupons: what they say, the member's own, and what the staff makes of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from quanzi.faces.api.schemas.common import AmountMinor, In, Moment, MoneyOut, Out, Ref, Text
from quanzi.trade.rewards.models import LARGEST_BP, LARGEST_MINOR, MOST

Off = Annotated[int, Field(strict=True, ge=0, le=LARGEST_MINOR)]


class CouponOut(Out):
    """off: the amount, or the most that a share takes off; off_bp: of a share, in basis points, else 0. least: what the goods that it is for must
    cost at least. for_product, for_category, for_circle: empty for everything and everybody. One of use_days (after taking) and use_by is set."""

    id: int
    code: str = Field(description="In the address of its page")
    name_zh: str
    name_en: str
    kind: str
    way: str
    off: MoneyOut
    off_bp: int
    least: MoneyOut
    for_product: str
    for_category: str
    for_circle: str
    opens_at: datetime
    closes_at: datetime
    use_days: int | None
    use_by: datetime | None
    each: int


class MyCouponOut(Out):
    """state: free, held (by an unpaid order), used, over. id: the coupon_id of an order. order: the number of the one that has it."""

    id: int
    offer: CouponOut
    state: str
    way: str
    reason: str
    taken_at: datetime
    ends_at: datetime
    order: str
    came_back: bool


class CouponCodeIn(In):
    code: Text = Field(min_length=1, max_length=40)


class StaffCouponOut(CouponOut):
    most: int
    taken: int
    ended_at: datetime | None
    is_demo: bool


class CouponCountsOut(Out):
    """revenue: paid for orders that have one, less what went back; off: what it took off these."""

    taken: int
    free: int
    held: int
    used: int
    over: int
    backs: int
    revenue: MoneyOut
    off: MoneyOut


class CouponPageOut(Out):
    coupon: StaffCouponOut
    counts: CouponCountsOut


class CouponIn(In):
    """kind amount: off_minor; kind percent: off_bp and cap_minor. Exactly one of use_days and use_by; at most one of product_id and category_id."""

    name_zh: Text = Field(min_length=1, max_length=30)
    name_en: Text = Field(min_length=1, max_length=60)
    kind: Literal["amount", "percent"]
    way: Literal["page", "code", "given"]
    from_minor: AmountMinor
    off_minor: Off = 0
    off_bp: Annotated[int, Field(strict=True, ge=0, le=LARGEST_BP)] = 0
    cap_minor: Off = 0
    opens_at: Moment
    closes_at: Moment
    use_days: Annotated[int, Field(strict=True, ge=1, le=365)] | None = None
    use_by: Moment | None = None
    most: Annotated[int, Field(strict=True, ge=1, le=MOST)]
    each: Annotated[int, Field(strict=True, ge=1, le=20)] = 1
    product_id: Ref | None = None
    category_id: Ref | None = None
    circle_id: Ref | None = None


class GiveCouponIn(In):
    """reason: the member reads it."""

    member_id: Ref
    reason: Text = Field(min_length=1, max_length=200)
