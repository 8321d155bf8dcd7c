"""Who may see a chain, open one, and keep it. The list is for the circle's people, also in a circle that everybody reads."""

from __future__ import annotations

from quanzi.community.circles.models import Circle
from quanzi.community.circles.policies import is_in, may_moderate
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can
from quanzi.trade.chains.models import Chain
from quanzi.trade.sales.models import PickupPoint


def may_see(member: Member | None, circle: Circle) -> bool:
    """People of the circle, and the merchant's moderators."""
    return member is not None and (is_in(member, circle) or can(member, "circles.moderate"))


def may_open(member: Member | None, circle: Circle) -> bool:
    """Who keeps the circle, and leaders who belong to it."""
    if member is None or circle.closed_at is not None:
        return False
    if may_moderate(member, circle):
        return True
    return is_in(member, circle) and PickupPoint.objects.filter(leader=member, is_open=True).exists()


def may_keep(member: Member | None, chain: Chain) -> bool:
    """Print the list, remind, call it off: the opener while in the circle, and who keeps the circle."""
    if member is None:
        return False
    return may_moderate(member, chain.circle) or (chain.opener_id == member.pk and is_in(member, chain.circle))


def may_set_prices(member: Member) -> bool:
    return can(member, "goods.edit")
