"""Who may plan preorders and run them."""

from __future__ import annotations

from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can


def may_plan(member: Member) -> bool:
    """Staff who edit goods plan batches, make them, tell news and ask about dates."""
    return can(member, "goods.edit")


def may_watch(member: Member) -> bool:
    """Staff who look at goods and orders see how a batch stands."""
    return can(member, "goods.view") or can(member, "orders.view")
