"""What belongs to somebody else does not exist: every private address, asked by a stranger."""

from __future__ import annotations

from typing import Any

import pytest

from quanzi.kernel import clock
from quanzi.people.safety.services import block
from tests.faces.api.conftest import Caller
from tests.faces.api.world import World, make_world
from tests.factories import community, deals
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db

PRIVATE: list[tuple[str, str, Any]] = [
    ("PUT", "/me/addresses/{address_id}", {"recipient": "a", "phone": "13800000001", "region_code": "330106", "detail": "b"}),
    ("DELETE", "/me/addresses/{address_id}", None),
    ("POST", "/me/addresses/{address_id}/default", None),
    ("DELETE", "/me/claims/{claim_id}", None),
    ("GET", "/circles/{circle}/feed", None),
    ("GET", "/circles/{circle}/members", None),
    ("GET", "/posts/{post_id}", None),
    ("PUT", "/posts/{post_id}", {"title": "mine now"}),
    ("DELETE", "/posts/{post_id}", None),
    ("PUT", "/posts/{post_id}/useful", None),
    ("GET", "/posts/{post_id}/comments", None),
    ("POST", "/posts/{post_id}/comments", {"body": "hello"}),
    ("POST", "/posts/{post_id}/reports", {"reason": "spam"}),
    ("PUT", "/posts/{post_id}/hiding", {"reason": "mine"}),
    ("DELETE", "/comments/{comment_id}", None),
    ("DELETE", "/join-links/{link}", None),
    ("GET", "/orders/{number}", None),
    ("POST", "/orders/{number}/cancel", None),
    ("POST", "/orders/{number}/call-off", None),
    ("POST", "/orders/{number}/receipt", None),
    ("POST", "/orders/{number}/lines/{line_id}/kept", None),
    ("POST", "/orders/{number}/lines/{line_id}/claims", {"reason": "spoiled", "note": "x"}),
    ("POST", "/orders/{number}/payments", {"provider": "offline"}),
    ("GET", "/payments/{payment}", None),
    ("POST", "/experiences", {"line_id": 0, "title": "mine"}),
    ("POST", "/work/{fulfilment_id}/ready", None),
    ("POST", "/work/{fulfilment_id}/ship", {"carrier": "me"}),
    ("POST", "/work/{fulfilment_id}/hand-over", {"code": "000000"}),
    ("DELETE", "/teams/{team}/seats/mine", None),
]  # fmt: skip

FORBIDDEN: list[tuple[str, str, Any]] = [
    ("PATCH", "/circles/{circle}", {"name": "mine"}),
    ("GET", "/circles/{circle}/requests", None),
    ("POST", "/circles/{circle}/requests/{membership_id}/answer", {"accept": True}),
    ("POST", "/circles/{circle}/members/{guest}/removal", {"reason": "mine"}),
    ("PUT", "/circles/{circle}/members/{guest}/role", {"role": "founder"}),
    ("POST", "/circles/{circle}/links", {}),
    ("GET", "/work", None),
    ("GET", "/staff/orders", None),
    ("POST", "/staff/orders/{number}/refund", {"reason": "mine"}),
    ("POST", "/staff/orders/{number}/lines/{line_id}/refund", {"reason": "mine"}),
    ("POST", "/staff/payments/{payment}/capture", {}),
    ("GET", "/staff/claims", None),
    ("POST", "/staff/claims/{claim_id}/accept", {}),
    ("POST", "/staff/claims/{claim_id}/decline", {"answer": "no"}),
    ("GET", "/staff/sources", None),
    ("POST", "/staff/sources", {"kind": "ad", "name": "mine"}),
    ("DELETE", "/staff/sources/{source_id}", None),
    ("GET", "/staff/sources/{source_id}/spends", None),
    ("POST", "/staff/sources/{source_id}/spends", {"amount_minor": 1, "spent_on": "2026-01-01", "what": "x"}),
    ("GET", "/staff/relation-ledger?starts_on=2026-01-01&ends_on=2026-02-01", None),
]


def test_a_stranger_finds_nothing_of_what_is_somebody_elses() -> None:
    world = make_world()
    stranger = Caller(world.me.member)
    theirs = {**world.other.values, "number": world.other.values["kept_order"].number}
    for method, path, body in PRIVATE:
        body = {**body, "line_id": theirs["line_id"]} if path == "/experiences" else body
        answer = stranger.problem(method, path.format_map(theirs), body, key="a-key-of-mine-1")
        assert answer[0] == 404, (method, path, answer)


def test_what_needs_a_role_is_refused_without_one() -> None:
    world = make_world()
    member = Caller(world.me.member)
    theirs = {**world.other.values, "number": world.other.values["kept_order"].number}
    for method, path, body in FORBIDDEN:
        answer = member.problem(method, path.format_map(theirs), body, key="a-key-of-mine-1")
        assert answer[0] == 403, (method, path, answer)


def test_lists_of_mine_hold_nothing_of_others() -> None:
    world = make_world()
    newcomer = Caller(make_member())
    assert world.other.member.pk != newcomer.member
    for path in ("/orders", "/me/notices", "/me/teams", "/me/circles", "/me/wishes"):
        assert newcomer.get(path)["items"] == [], path
    for path in ("/me/addresses", "/me/blocks", "/me/ties", "/me/writable-lines", "/me/points"):
        assert newcomer.get(path) == [], path


def test_pictures_of_others_are_not_mine_to_use() -> None:
    world = make_world()
    thief = Caller(world.other.member)
    answer = thief.ask("POST", "/posts", {"title": "看", "picture_ids": [world.picture.pk]})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "picture_not_yours")


def test_a_block_hides_the_person_and_can_be_taken_back() -> None:
    me, other = make_member(), make_member()
    block(member=other, other=me, now=clock.now())
    caller = Caller(me)
    assert caller.problem("GET", f"/members/{other.pk}")[0] == 404
    assert caller.problem("PUT", f"/members/{other.pk}/follow")[0] == 404
    caller.send("PUT", f"/members/{other.pk}/block", status=204)
    assert [one["id"] for one in caller.get("/me/blocks")] == [other.pk]
    caller.send("DELETE", f"/members/{other.pk}/block", status=204)
    assert caller.get("/me/blocks") == []


def test_a_deal_of_a_closed_circle_is_not_there_for_strangers() -> None:
    circle = community.make_circle(admission="invitation")
    deal = deals.make_deal(circle=circle)
    team, order = deals.open_team(deal, circle.founder)
    deals.pay(order)
    stranger, insider = Caller(make_member()), Caller(circle.founder)
    for path in (f"/deals/{deal.pk}", f"/teams/{team.code}"):
        assert stranger.problem("GET", path)[0] == 404
        assert insider.get(path)
    assert stranger.problem("POST", "/quotes", {"deal_id": deal.pk}) == (404, "no_such_deal")
    assert stranger.problem("POST", "/quotes", {"team": team.code}) == (404, "no_such_team")


def test_the_pickup_code_is_told_to_the_buyer_alone() -> None:
    world: World = make_world()
    staff = Caller(world.point.leader)
    number = world.me.values["paid_order"].number
    staff.send("POST", f"/work/{world.me.values['fulfilment_id']}/ready")
    assert staff.get(f"/orders/{number}")["progress"]["pickup_code"] == ""
    assert staff.get(f"/orders/{number}")["payments"] == []
    code = Caller(world.me.member).get(f"/orders/{number}")["progress"]["pickup_code"]
    assert code not in (staff.ask("GET", f"/work?point_id={world.point.pk}").content.decode(), "")
