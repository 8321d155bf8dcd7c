"""Who works at a store, and who may ask for money by a link."""

from __future__ import annotations

from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can
from quanzi.trade.sales.policies import leads_point
from quanzi.trade.stores.models import Store


def may_keep(member: Member, store: Store) -> bool:
    """The shopkeeper at the own store, and staff who hand goods over."""
    return leads_point(member, store.point) or can(member, "orders.handle")


def may_link_goods(member: Member) -> bool:
    """Goods of the shop, at their own price: leaders, shopkeepers, staff who handle orders."""
    return member.is_leader or can(member, "orders.handle")


def may_link_amounts(member: Member) -> bool:
    """An amount in words of one's own: staff who decide about prices."""
    return can(member, "goods.edit")


def may_shape(member: Member) -> bool:
    """Staff who shape the shop open stores."""
    return can(member, "shop.edit")
