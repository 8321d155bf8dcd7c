"""What pages and programs read of a circle that falls apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from quanzi.community.circles.models import Circle, Membership, MembershipState
from quanzi.growth.splitting import policies
from quanzi.growth.splitting.activity import Activity, activity
from quanzi.growth.splitting.models import Look, Part, Place, Split, SplitState
from quanzi.growth.splitting.rules import kept_inside
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.queries import Face, faces

SHOWN = (SplitState.OPEN, SplitState.DONE, SplitState.UNDONE, SplitState.DECLINED)


@dataclass(frozen=True)
class LeaderRow:
    """Somebody who could lead a part, with the figures that speak for them (talk.Leading)."""

    member_id: int
    name: str
    trusted_by: int
    answers: int
    words: int
    keeps: bool


@dataclass(frozen=True)
class PartRow:
    """A part as a reader sees it. leader_state: none, asked, agreed or declined; leaders: for whoever looks after the circle only.

    is_home: where the reader fell; is_in: whether they are in that circle now; asks_me: whether the reader is asked to lead it.
    """

    id: int
    position: int
    name: str
    words: list[str]
    people: int
    leader: Face | None
    leader_state: str
    leaders: list[LeaderRow]
    circle_slug: str | None
    is_home: bool
    is_in: bool
    asks_me: bool

    @property
    def leader_options(self) -> list[tuple[int, str]]:
        """Who may be asked, for a list to choose from."""
        return [(one.member_id, one.name) for one in self.leaders]


@dataclass(frozen=True)
class SplitPage:
    """A cut. inside: percent of interactions that stay within a part; flows: between the parts; may_choose: while the days last."""

    id: int
    state: str
    found_at: datetime
    decided_at: datetime | None
    undo_until: datetime | None
    undone_at: datetime | None
    unclear: int
    inside: int
    flows: list[list[int]]
    parts: list[PartRow]
    bridges: list[Face]
    activity: list[Activity]
    chosen_at: datetime | None
    may_decide: bool
    may_undo: bool
    may_choose: bool

    @property
    def people(self) -> int:
        """Everybody who was counted."""
        return self.unclear + sum(part.people for part in self.parts)


def look_of(circle: Circle) -> Look | None:
    """The newest look at a circle."""
    return Look.objects.filter(circle=circle).first()


def split_page(circle: Circle, viewer: Member, *, now: datetime) -> SplitPage | None:
    """The newest cut of a circle that the viewer may see: keepers each, its people those that were made. None when there is none.

    Raises NotFound for everybody else.
    """
    keeps, is_in = policies.may_look(viewer, circle), policies.may_choose(viewer, circle)
    if not (keeps or is_in):
        raise NotFound
    found = Split.objects.filter(circle=circle, state__in=SHOWN if keeps else (SplitState.DONE, SplitState.UNDONE))
    split = found.order_by("-pk").first()
    if split is None and not keeps:
        raise NotFound
    return _page(circle, split, viewer, keeps=keeps, now=now) if split is not None else None


def _page(circle: Circle, split: Split, viewer: Member, *, keeps: bool, now: datetime) -> SplitPage:
    counted = split.places.order_by().values_list("part_id").annotate(people=Count("pk"))
    people: dict[int | None, int] = dict(counted)
    parts = list(split.parts.select_related("daughter").order_by("position"))
    place = Place.objects.filter(split=split, member=viewer).first()
    daughters = [part.daughter_id for part in parts if part.daughter_id is not None]
    mine = set(
        Membership.objects.filter(circle_id__in=daughters, member=viewer, state=MembershipState.JOINED).values_list("circle_id", flat=True)
    )  # fmt: skip
    between = list(split.places.filter(is_bridge=True).values_list("member_id", flat=True)) if keeps else []
    known = faces(
        {*between, *(one["member_id"] for part in parts for one in part.leaders), *(p.leader_id or 0 for p in parts)}
    )
    is_running = split.state == SplitState.DONE and split.undo_until is not None and split.undo_until > now
    decides = policies.may_decide(viewer, circle)
    return SplitPage(
        id=split.pk, state=split.state, found_at=split.found_at, decided_at=split.decided_at, undo_until=split.undo_until,
        undone_at=split.undone_at, unclear=people.get(None, 0), inside=kept_inside(split.flows), flows=split.flows,
        parts=[_part(part, people.get(part.pk, 0), viewer, place, mine, known, keeps=keeps) for part in parts],
        bridges=[known[one] for one in between if one in known], activity=activity(split, now=now) if keeps else [],
        chosen_at=place.chosen_at if place is not None else None, may_decide=decides and split.state == SplitState.OPEN,
        may_undo=decides and is_running, may_choose=is_running and place is not None,
    )  # fmt: skip


def _part(
    part: Part, people: int, viewer: Member, place: Place | None, mine: set[int], known: dict[int, Face], *, keeps: bool
) -> PartRow:
    leader = known.get(part.leader_id or 0)
    answered = part.leader_answered_at is not None
    state = "none" if leader is None else "agreed" if part.leader_agreed else "declined" if answered else "asked"
    leaders = [LeaderRow(name=known[one["member_id"]].name, **one) for one in part.leaders if one["member_id"] in known]
    return PartRow(
        id=part.pk, position=part.position, name=part.name, words=part.words, people=people,
        leader=leader if keeps or state == "agreed" else None, leader_state=state if keeps or state == "agreed" else "none",
        leaders=leaders if keeps else [], circle_slug=part.daughter.slug if part.daughter is not None else None,
        is_home=place is not None and place.part_id == part.pk, is_in=part.daughter_id in mine,
        asks_me=part.leader_id == viewer.pk and not answered and part.daughter is not None,
    )  # fmt: skip


def running_for(circle_id: int, member_id: int, *, now: datetime) -> bool:
    """Whether the member may choose a part of this circle now."""
    places = Place.objects.filter(member_id=member_id, split__circle_id=circle_id)
    return places.filter(split__state=SplitState.DONE, split__undo_until__gt=now).exists()
