"""Who may hand goods over."""

from __future__ import annotations

from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can
from quanzi.trade.sales.models import Order, PickupPoint
from quanzi.trade.sales.policies import leads_point


def may_handle(member: Member, order: Order) -> bool:
    """Staff for fulfilment anywhere, a leader at the own point."""
    return can(member, "orders.handle") or leads_point(member, order.pickup_point)


def may_see_work(member: Member, point: PickupPoint | None) -> bool:
    """The list of one point is its leader's too; the list of everything is the staff's."""
    return can(member, "orders.handle") or leads_point(member, point)
