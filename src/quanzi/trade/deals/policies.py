"""Who may see a deal, take part in it, or make one."""

from __future__ import annotations

from quanzi.community.circles.policies import is_in, may_read
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can
from quanzi.trade.deals.errors import NoSuchDeal, NotInCircle
from quanzi.trade.deals.models import GroupDeal


def may_see(member: Member | None, deal: GroupDeal) -> bool:
    """Deals of the shop are seen by everybody, those of a circle by whoever may read the circle.

    A team of a deal for guests is seen by whoever has its link; see `is_guest` for the deal itself.
    """
    return deal.circle is None or may_read(member, deal.circle)


def is_guest(member: Member | None, deal: GroupDeal) -> bool:
    """Whether the deal was made for this person; deals without guests are for all."""
    return not deal.for_guests or (member is not None and deal.guests.filter(member=member).exists())


def may_take_part(member: Member, deal: GroupDeal) -> bool:
    """Deals of a circle are for its members."""
    return deal.circle is None or is_in(member, deal.circle)


def check_may_take_part(member: Member, deal: GroupDeal) -> None:
    """Raise NoSuchDeal to whom the circle is hidden, NotInCircle to whom may read it but does not belong to it."""
    if may_take_part(member, deal):
        return
    if not may_see(member, deal):
        raise NoSuchDeal
    assert deal.circle is not None, "a deal without a circle is for everybody"
    raise NotInCircle(circle=deal.circle.name)


def may_edit(member: Member) -> bool:
    """Staff who edit goods make and stop deals."""
    return can(member, "goods.edit")
