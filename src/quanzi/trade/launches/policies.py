"""Who plans launches."""

from __future__ import annotations

from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can


def may_plan(member: Member) -> bool:
    """Staff who edit goods."""
    return can(member, "goods.edit")
