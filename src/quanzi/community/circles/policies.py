"""Who may do what in a circle."""

from __future__ import annotations

from quanzi.community.circles.models import Admission, Circle, CircleRole, Membership, MembershipState
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can

MODERATORS = (CircleRole.FOUNDER, CircleRole.MODERATOR)


def membership_of(member: Member | None, circle: Circle) -> Membership | None:
    """The person's place in the circle, whatever its state; None for visitors."""
    if member is None or not member.pk:
        return None
    return Membership.objects.filter(circle=circle, member=member).first()


def is_in(member: Member | None, circle: Circle) -> bool:
    """Whether the person belongs to the circle now."""
    place = membership_of(member, circle)
    return place is not None and place.state == MembershipState.JOINED


def may_read(member: Member | None, circle: Circle) -> bool:
    """Open circles are read by everybody; the others by their members and by the merchant's moderators."""
    if circle.admission == Admission.OPEN or is_in(member, circle):
        return True
    return member is not None and can(member, "circles.moderate")


def may_post(member: Member | None, circle: Circle) -> bool:
    """Members write, as long as the circle is not closed."""
    return circle.closed_at is None and is_in(member, circle)


def may_moderate(member: Member | None, circle: Circle) -> bool:
    """Founder, moderators of the circle, and the merchant's moderators."""
    place = membership_of(member, circle)
    if place is not None and place.state == MembershipState.JOINED and place.role in MODERATORS:
        return True
    return member is not None and can(member, "circles.moderate")


def may_appoint(member: Member, circle: Circle) -> bool:
    """Only the founder gives and takes roles."""
    place = membership_of(member, circle)
    return place is not None and place.state == MembershipState.JOINED and place.role == CircleRole.FOUNDER
