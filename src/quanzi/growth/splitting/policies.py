"""Who may see that a circle falls apart, and who decides."""

from __future__ import annotations

from quanzi.community.circles.models import Circle
from quanzi.community.circles.policies import is_in, may_appoint, may_moderate
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can


def has_host(circle: Circle) -> bool:
    """Whether somebody is there to decide: the founder, with a living account, in the circle."""
    founder = circle.founder
    return founder.is_active and founder.erased_at is None and may_appoint(founder, circle)


def may_decide(member: Member | None, circle: Circle) -> bool:
    """The host; the merchant's moderators where there is none."""
    if member is None or circle.closed_at is not None:
        return False
    return may_appoint(member, circle) or (can(member, "circles.moderate") and not has_host(circle))


def may_undo(member: Member | None, circle: Circle) -> bool:
    """The same people."""
    return may_decide(member, circle)


def may_look(member: Member | None, circle: Circle) -> bool:
    """Whoever looks after the circle."""
    return member is not None and may_moderate(member, circle)


def may_choose(member: Member | None, circle: Circle) -> bool:
    """Its people."""
    return is_in(member, circle)
