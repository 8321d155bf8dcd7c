"""Everybody who may call the API: a visitor, two members, a leader, each role of the staff, a token with few rights."""

from __future__ import annotations

from quanzi.people.accounts.models import Member, StaffRole
from tests.faces.api.conftest import Caller
from tests.faces.api.world import World
from tests.factories.people import log_in, make_member, make_staff
from tests.factories.trade import make_point


def everybody(world: World) -> dict[str, Caller]:
    """By the name that a failure shows. `a` owns one half of the world, `b` the other."""
    at_the_screen = Caller()
    log_in(at_the_screen.client, world.me.member)
    return {
        "visitor": Caller(),
        "a": Caller(world.me.member),
        "b": Caller(world.other.member),
        "leader": Caller(Member.objects.get(pk=world.point.leader_id)),
        "leader of another point": Caller(make_point(leader=make_member()).leader),
        "few rights": Caller(world.me.member, scopes=["orders:read"]),
        **{role: Caller(make_staff(role)) for role in StaffRole.values},
        "browser": at_the_screen,
    }
