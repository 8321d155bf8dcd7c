"""What coupons announce, in order for each coupon that a member took."""

from __future__ import annotations

from dataclasses import dataclass

from quanzi.base.events.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class CouponTaken(DomainEvent):
    """way: on its page, by its code, or given by the shop."""

    taken_id: int
    coupon_id: int
    member_id: int
    way: str

    @property
    def key(self) -> str:
        return f"coupon:{self.taken_id}"
