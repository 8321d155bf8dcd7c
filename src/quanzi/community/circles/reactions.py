"""What people hear about the door of a circle."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.events.registry import react_to
from quanzi.community.circles.events import CircleJoined, CircleLeft, JoinAsked, JoinRefused
from quanzi.community.circles.models import Circle, Membership, MembershipState
from quanzi.community.circles.policies import MODERATORS
from quanzi.people.accounts.models import Member
from quanzi.people.contact.services import notify


@react_to(JoinAsked, consumer="circles.tell_moderators")
def tell_moderators(event: JoinAsked, *, now: datetime) -> None:
    """Somebody waits at the door."""
    circle = Circle.objects.get(pk=event.circle_id)
    asker = Member.objects.get(pk=event.member_id)
    keepers = circle.memberships.filter(state=MembershipState.JOINED, role__in=MODERATORS)
    for keeper_id in keepers.values_list("member_id", flat=True):
        notify(
            member_id=keeper_id, kind="join_asked", params={"name": asker.name, "circle": circle.name},
            link=f"/c/{circle.slug}/manage", key=f"join_asked:{circle.pk}:{asker.pk}:{now:%Y%m%d}", now=now,
        )  # fmt: skip


@react_to(CircleJoined, consumer="circles.tell_newcomer")
def tell_newcomer(event: CircleJoined, *, now: datetime) -> None:
    """Welcome, with the charter; the one who invited hears of it too."""
    place = Membership.objects.select_related("circle", "member").filter(
        circle_id=event.circle_id, member_id=event.member_id
    ).first()  # fmt: skip
    if place is None:
        return
    circle = place.circle
    notify(
        member_id=event.member_id, kind="circle_joined", params={"circle": circle.name},
        link=f"/c/{circle.slug}", key=f"circle_joined:{circle.pk}", now=now,
    )  # fmt: skip
    if event.invited_by_id is not None:
        notify(
            member_id=event.invited_by_id, kind="guest_joined", params={"name": place.member.name, "circle": circle.name},
            link=f"/c/{circle.slug}", key=f"guest_joined:{circle.pk}:{event.member_id}", now=now,
        )  # fmt: skip


@react_to(JoinRefused, consumer="circles.tell_refused")
def tell_refused(event: JoinRefused, *, now: datetime) -> None:
    """A refusal is told with its reason."""
    circle = Circle.objects.get(pk=event.circle_id)
    notify(
        member_id=event.member_id, kind="join_refused", params={"circle": circle.name, "reason": event.reason},
        link=f"/c/{circle.slug}", key=f"join_refused:{circle.pk}:{now:%Y%m%d%H%M}", now=now,
    )  # fmt: skip


@react_to(CircleLeft, consumer="circles.tell_removed")
def tell_removed(event: CircleLeft, *, now: datetime) -> None:
    """Whoever was taken out reads why; whoever left by themselves needs no message."""
    if not event.removed:
        return
    place = Membership.objects.select_related("circle").get(circle_id=event.circle_id, member_id=event.member_id)
    notify(
        member_id=event.member_id, kind="circle_removed", params={"circle": place.circle.name, "reason": place.reason},
        link=f"/c/{place.circle.slug}", key=f"circle_removed:{place.circle_id}:{now:%Y%m%d%H%M}", now=now,
    )  # fmt: skip
