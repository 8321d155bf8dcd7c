"""Who may do what with orders."""

from __future__ import annotations

from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can
from quanzi.trade.sales.models import Order, OrderLine, OrderState, PickupPoint


def may_see_order(member: Member, order: Order) -> bool:
    """The buyer, staff who look at orders, and the leader of its pickup point."""
    return order.member_id == member.pk or can(member, "orders.view") or leads_point(member, order.pickup_point)


def may_cancel(member: Member, order: Order) -> bool:
    return order.state == OrderState.PLACED and (order.member_id == member.pk or can(member, "orders.handle"))


def may_refund(member: Member) -> bool:
    return can(member, "orders.refund")


def may_say_kept(member: Member, line: OrderLine) -> bool:
    """The buyer of a received line that did not go back and is not disputed."""
    is_here = line.received_at is not None and line.returned_at is None and line.disputed_at is None
    return is_here and line.member_id == member.pk and line.said_kept_at is None


def leads_point(member: Member, point: PickupPoint | None) -> bool:
    return point is not None and point.leader_id == member.pk
