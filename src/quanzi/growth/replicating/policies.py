"""Who may take a pattern of a community, and make branches from it."""

from __future__ import annotations

from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can


def may_replicate(member: Member) -> bool:
    """Staff who shape the shop."""
    return can(member, "shop.edit")
