"""Who may run a station, and who decides about it."""

from __future__ import annotations

from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can
from quanzi.trade.sales.policies import leads_point
from quanzi.trade.stations.models import Station


def may_run(member: Member, station: Station) -> bool:
    """Its leader, and staff who hand goods over."""
    return leads_point(member, station.point) or can(member, "orders.handle")


def may_decide(member: Member) -> bool:
    """Staff who shape the shop decide about applications and change stations."""
    return can(member, "shop.edit")


def may_plan(member: Member) -> bool:
    """Staff who edit goods open rounds and call them off."""
    return can(member, "goods.edit")
