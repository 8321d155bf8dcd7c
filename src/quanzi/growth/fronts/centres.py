"""A centre: whose front it is. Four kinds: u a member, c a circle, m a maker, s a station."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from quanzi.community.circles.models import Circle
from quanzi.goods.catalogue.models import Maker
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.models import Member
from quanzi.trade.stations.models import Station

KINDS = ("u", "c", "m", "s")


@dataclass(frozen=True)
class Centre:
    """member_id: whose voice it is; a station's is its leader's; None for a circle, and for a maker who is no member.

    path: of the page.
    """

    kind: str
    id: int
    key: str
    name: str
    member_id: int | None

    @property
    def path(self) -> str:
        return f"/{'station' if self.kind == 's' else self.kind}/{self.key}"

    @property
    def column(self) -> str:
        return {"u": "member_id", "c": "circle_id", "m": "maker_id", "s": "station_id"}[self.kind]

    @property
    def of_front(self) -> dict[str, Any]:
        """The condition that finds its front."""
        return {self.column: self.id}


def of_member(member: Member) -> Centre:
    return Centre("u", member.pk, str(member.pk), member.name, member.pk)


def of_circle(circle: Circle) -> Centre:
    return Centre("c", circle.pk, circle.slug, circle.name, None)


def of_maker(*, id: int, slug: str, name: str, member_id: int | None) -> Centre:
    return Centre("m", id, slug, name, member_id)


def of_station(*, id: int, code: str, name: str, leader_id: int) -> Centre:
    return Centre("s", id, code, name, leader_id)


def centre(kind: str, key: str) -> Centre:
    """By the letter and the rest of its address. Raises NotFound."""
    found: Centre | None = None
    if kind == "u" and key.isascii() and key.isdigit() and len(key) < 19:
        member = Member.objects.filter(pk=int(key), is_active=True, erased_at=None).first()
        found = of_member(member) if member is not None else None
    elif kind == "c":
        circle = Circle.objects.filter(slug=key).first()
        found = of_circle(circle) if circle is not None else None
    elif kind == "m":
        maker = Maker.objects.filter(slug=key).first()
        found = of_maker(id=maker.pk, slug=maker.slug, name=maker.name, member_id=maker.member_id) if maker else None
    elif kind == "s":
        station = Station.objects.select_related("point").filter(code=key.lower()[:12]).first()
        if station is not None:
            found = of_station(
                id=station.pk, code=station.code, name=station.point.name, leader_id=station.point.leader_id
            )
    if found is None:
        raise NotFound
    return found
