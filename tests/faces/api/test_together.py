"""Chains, prices asked for and how a price is made, by programs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quanzi.kernel import clock
from tests.faces.api.conftest import Caller
from tests.factories.community import make_circle
from tests.factories.goods import make_sku
from tests.factories.people import make_member, make_staff
from tests.factories.trade import make_point

pytestmark = pytest.mark.django_db


def test_a_list_from_opening_to_calling_off() -> None:
    host, member = make_member(), make_member()
    circle, sku, point = make_circle(founder=host), make_sku(price_minor=3_990, stock_of=9), make_point()
    circle.memberships.create(member=member, state="joined", asked_at=clock.now(), joined_at=clock.now())
    boss, guest, stranger = Caller(host), Caller(member), Caller(make_member())
    body = {
        "title": "周五拿", "goods": [{"sku_id": sku.pk}], "pickup_point_id": point.pk,
        "closes_at": (clock.now() + timedelta(days=1)).isoformat(),
    }  # fmt: skip
    assert guest.problem("POST", f"/circles/{circle.slug}/chains", body) == (403, "may_not_open_chain")
    assert boss.problem(
        "POST", f"/circles/{circle.slug}/chains", {**body, "goods": [{"sku_id": sku.pk, "price_minor": 1}]}
    ) == (403, "price_is_the_shops")
    code = boss.send("POST", f"/circles/{circle.slug}/chains", body, status=201)["card"]["code"]
    assert stranger.problem("GET", f"/chains/{code}") == (404, "no_such_chain")
    assert stranger.problem("GET", f"/circles/{circle.slug}/chains") == (404, "no_such_chain")

    wish = {"lines": [{"sku_id": sku.pk, "quantity": 2}], "words": "早点拿"}
    order = guest.send("POST", f"/chains/{code}/sign-ups", wish, status=201, key="sign-up-of-mine-1")
    assert (
        guest.send("POST", f"/chains/{code}/sign-ups", wish, status=201, key="sign-up-of-mine-1")["number"]
        == order["number"]
    )
    found = guest.get(f"/chains/{code}")
    assert [(one["number"], one["words"], one["is_mine"]) for one in found["signed"]] == [(1, "早点拿", True)]
    assert (found["goods"][0]["mine"], found["mine"]["order_state"], found["may_keep"]) == (2, "placed", False)

    assert guest.problem("POST", f"/chains/{code}/remind") == (403, "not_keeper_of_chain")
    assert boss.send("POST", f"/chains/{code}/remind") == {"told": 1}
    guest.send("DELETE", f"/chains/{code}/sign-ups/mine", status=204)
    assert boss.send("POST", f"/chains/{code}/call-off", {"reason": "没货"})["card"]["state"] == "called_off"
    assert [one["code"] for one in guest.get(f"/circles/{circle.slug}/chains")["items"]] == [code]


def test_a_price_is_asked_for_and_agreed() -> None:
    opener, friend, staff = Caller(make_member()), Caller(make_member()), Caller(make_staff("operator"))
    sku = make_sku(price_minor=3_990, cost_minor=2_000, stock_of=9)
    asked = opener.send("POST", "/bargains", {"sku_id": sku.pk, "wish_minor": 3_000, "quantity": 2}, status=201)
    code, bargain = asked["card"]["code"], asked["card"]["id"]
    assert friend.send("PUT", f"/bargains/{code}/voices/mine", {"quantity": 3})["card"]["units"] == 5
    assert [one["code"] for one in Caller().get("/bargains")] == [code]
    assert friend.problem("GET", f"/staff/bargains/{bargain}")[0] == 403

    found = staff.get(f"/staff/bargains/{bargain}")
    assert (found["margin_now"]["minor"], found["margin_wished"]["minor"]) == (5 * 1_990, 5 * 1_000)
    day = (clock.now() + timedelta(days=3)).date().isoformat()
    offer = {"price_minor": 3_200, "minimum": 2, "ends_on": day}
    staff.send("POST", f"/staff/bargains/{bargain}/agree", offer)
    assert staff.problem("POST", f"/staff/bargains/{bargain}/decline", {"reason": "不行"}) == (409, "bargain_answered")
    assert friend.get(f"/bargains/{code}")["offer"]["may_open"] is True
    assert Caller(make_member()).get(f"/bargains/{code}")["offer"]["may_open"] is False


def test_what_helps_to_judge_a_price_sums_exactly() -> None:
    staff, sku = Caller(make_staff("operator")), make_sku(price_minor=3_990, stock_of=9)
    parts = {"goods_minor": 2_000, "delivery_minor": 600, "leader_minor": 200}
    hidden = staff.send("PUT", f"/staff/skus/{sku.pk}/build-up", parts)
    assert sum(hidden[name] for name in (*parts, "margin_minor")) == 3_990
    assert Caller().get(f"/skus/{sku.pk}/price")["build_up"] is None
    staff.send("PUT", f"/staff/skus/{sku.pk}/build-up", {**parts, "is_shown": True})
    facts = Caller().get(f"/skus/{sku.pk}/price")
    assert facts["build_up"]["margin_minor"] == 1_190
    assert (facts["lowest_charged"], facts["struck"], len(facts["history"])) == (None, None, 1)
