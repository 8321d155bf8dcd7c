"""Who may see a chain, open one, and keep it. The list is for the circle's people, also in a circle that everybody reads."""

from __future__ import annotations

from quanzi.community.circles.models import Circle, MembershipState
from quanzi.community.circles.policies import MODERATORS, is_in, may_moderate, membership_of
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
    """Print the list and remind."""
    return is_keeper(member, chain) or helps(member)


def helps(member: Member | None) -> bool:
    """The merchant's moderators do what who keeps a list does, besides calling it off."""
    return can(member, "circles.moderate")


def is_keeper(member: Member | None, chain: Chain) -> bool:
    """The opener while in the circle, its founder, its moderators: they call it off by themselves. The staff does so in `asking`."""
    place = membership_of(member, chain.circle)
    if member is None or place is None or place.state != MembershipState.JOINED:
        return False
    return place.role in MODERATORS or chain.opener_id == member.pk


def may_call_off(member: Member | None, chain: Chain) -> bool:
    return is_keeper(member, chain) or can(member, "orders.refund")


def may_set_prices(member: Member) -> bool:
    return can(member, "goods.edit")
