"""Reads of the room, as plain rows ready to draw."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from django.db.models import Count, Q

from quanzi.base import planned, rows
from quanzi.base.media.models import Picture
from quanzi.community.circles.models import Admission, Circle, JoinLink, Membership, MembershipState
from quanzi.people.accounts.models import Member

JOINED = Q(memberships__state=MembershipState.JOINED)


@dataclass(frozen=True)
class CircleCard:
    """A circle in a list. `members` counts people who belong to it now."""

    id: int
    name: str
    slug: str
    summary: str
    place: str
    admission: str
    cover: Picture | None
    members: int


@dataclass(frozen=True)
class Face:
    """Somebody's name and picture."""

    id: int
    name: str
    avatar: Picture | None


def cards(circle_ids: Collection[int] | None = None, *, after: int | None = None, limit: int = 50) -> list[CircleCard]:
    """Circles that are not closed and not by invitation, or exactly those asked for; the largest first.

    after: the last one already seen; the list goes on behind where it stands now.
    """
    wanted = ~Q(admission=Admission.INVITATION) if circle_ids is None else Q(pk__in=circle_ids)
    circles = Circle.objects.filter(wanted, closed_at=None).select_related("cover")
    counted = circles.annotate(members=Count("memberships", filter=JOINED)).order_by("-members", "id")
    if after is not None:
        size = Membership.objects.filter(circle_id=after, state=MembershipState.JOINED).count()
        counted = counted.filter(Q(members__lt=size) | Q(members=size, id__gt=after))
    return [
        CircleCard(one.pk, one.name, one.slug, one.summary, one.place, one.admission, one.cover, one.members)
        for one in counted[:limit]
    ]


def names(circle_ids: Collection[int]) -> dict[int, str]:
    """What those of these circles are called that are not closed."""
    sql = "SELECT id, name FROM circles_circle WHERE id = ANY(%s::bigint[]) AND closed_at IS NULL"
    return dict(planned.rows(sql, [list(circle_ids)])) if circle_ids else {}


def my_circles(member: Member, *, after: int | None = None, limit: int = 50) -> list[CircleCard]:
    """The circles that somebody belongs to, as `cards` has them."""
    return cards(my_circle_ids(member), after=after, limit=limit)


def my_circle_ids(member: Member) -> list[int]:
    """Ids of the circles that somebody belongs to now, the longest first."""
    sql = "SELECT circle_id FROM circles_membership WHERE member_id = %s AND state = 'joined' ORDER BY joined_at, id"
    return [row[0] for row in planned.rows(sql, [member.pk])]


def faces(circle: Circle, *, first: Collection[int] = (), limit: int = 5) -> list[Face]:
    """Some members of a circle: those in `first` (people the reader knows) before others."""
    places = circle.memberships.filter(state=MembershipState.JOINED).select_related("member__avatar")
    known = list(places.filter(member_id__in=first).order_by("joined_at", "id")[:limit])
    rest = list(places.exclude(member_id__in=first).order_by("joined_at", "id")[: limit - len(known)])
    return [Face(place.member_id, place.member.name, place.member.avatar) for place in known + rest]


def member_ids(circle: Circle) -> list[int]:
    """Everybody who belongs to a circle now."""
    places = circle.memberships.filter(state=MembershipState.JOINED)
    return list(places.values_list("member_id", flat=True))


def members_page(circle: Circle, *, after: int = 0, limit: int = 30) -> list[Membership]:
    """Members in order of joining, from the row after `after` (a membership id)."""
    places = circle.memberships.filter(state=MembershipState.JOINED, pk__gt=after).select_related("member__avatar")
    return list(places.order_by("pk")[:limit])


def requests(circle: Circle) -> list[Membership]:
    """Who waits at the door, the longest first."""
    waiting = circle.memberships.filter(state=MembershipState.ASKED).select_related("member__avatar")
    return list(waiting.order_by("asked_at", "id"))


SHARED = """SELECT theirs.member_id, circle.name FROM circles_membership mine
    JOIN circles_membership theirs ON theirs.circle_id = mine.circle_id AND theirs.state = 'joined' AND theirs.member_id = ANY(%(others)s::bigint[])
    JOIN circles_circle circle ON circle.id = mine.circle_id
    WHERE mine.member_id = %(viewer)s AND mine.state = 'joined' ORDER BY mine.circle_id DESC"""


def shared_circles(viewer_id: int, other_ids: Collection[int]) -> dict[int, str]:
    """For each of the others, the name of one circle that the viewer is in too."""
    found = planned.rows(SHARED, {"viewer": viewer_id, "others": list(other_ids)}) if other_ids else []
    return dict(found)


@cache
def _with_company() -> tuple[str, list[list[str]]]:
    """The statement for a circle with its cover and founder, and what its columns are called in each of the three rows."""
    fields = [(alias, model._meta.concrete_fields) for alias, model in (("c", Circle), ("p", Picture), ("m", Member))]
    columns = ", ".join(f'{alias}."{one.column}"' for alias, some in fields for one in some)
    sql = f"""SELECT {columns} FROM circles_circle c LEFT JOIN media_picture p ON p.id = c.cover_id
        JOIN accounts_member m ON m.id = c.founder_id WHERE c.slug = %s"""
    return sql, [[one.attname for one in some] for _, some in fields]


def circle_by_slug(slug: str) -> Circle | None:
    """The circle at this address, closed or not, with its cover and founder."""
    sql, (own, of_cover, of_founder) = _with_company()
    found = planned.rows(sql, [slug])
    if not found:
        return None
    row, after, last = found[0], len(own), len(own) + len(of_cover)
    circle = rows.made(Circle, own, row[:after])
    circle.cover = rows.made(Picture, of_cover, row[after:last]) if row[after] is not None else None
    circle.founder = rows.made(Member, of_founder, row[last:])
    return circle


def link_by_token(token: str) -> JoinLink | None:
    """A join link with its circle and maker, whether it is still good or not."""
    return JoinLink.objects.select_related("circle__cover", "maker__avatar").filter(token=token).first()
