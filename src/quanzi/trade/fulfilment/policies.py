"""Who may hand goods over, and who may drive."""

from __future__ import annotations

from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import ROLE_PERMISSIONS, can
from quanzi.trade.fulfilment.models import Driver
from quanzi.trade.sales.models import Order, PickupPoint
from quanzi.trade.sales.policies import leads_point

DRIVING_ROLES = tuple(role for role, holds in ROLE_PERMISSIONS.items() if "orders.handle" in holds)
"""Roles that hand over may drive without being asked. The database has the same list (migration 0012)."""


def may_drive(member: Member) -> bool:
    """Staff who hand over, and members who were asked to drive and said yes, until either ends it.

    By the role alone: a phone at the wheel opens runs of its own, not the console.
    """
    if not member.is_active:
        return False
    is_staff = member.is_staff and (member.is_superuser or member.staff_role in DRIVING_ROLES)
    return is_staff or Driver.objects.filter(member=member, accepted_at__isnull=False, ended_at=None).exists()


def may_handle(member: Member, order: Order) -> bool:
    """Staff for fulfilment anywhere, a leader at the own point."""
    return can(member, "orders.handle") or leads_point(member, order.pickup_point)


def may_see_work(member: Member, point: PickupPoint | None) -> bool:
    """The list of one point is its leader's too; the list of everything is the staff's."""
    return can(member, "orders.handle") or leads_point(member, point)
