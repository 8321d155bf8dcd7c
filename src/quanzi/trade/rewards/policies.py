"""Who makes coupons, who gives them, and who sees what became of them."""

from __future__ import annotations

from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can

GIVING = "orders.refund"
"""A coupon given is goodwill, as compensation is."""


def may_make(member: Member) -> bool:
    return can(member, "shop.edit")


def may_give(member: Member) -> bool:
    return can(member, GIVING)


def may_see(member: Member) -> bool:
    return can(member, "orders.view")
