"""Who may see a bargain and add a voice."""

from __future__ import annotations

from quanzi.community.circles.policies import is_in
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can
from quanzi.trade.bargains.models import Bargain

__all__ = ["is_in", "may_answer", "may_see"]


def may_see(member: Member | None, bargain: Bargain) -> bool:
    """Those of a circle are for its people; the staff sees all of them in the console."""
    return bargain.circle is None or is_in(member, bargain.circle)


def may_answer(member: Member) -> bool:
    return can(member, "goods.edit")
