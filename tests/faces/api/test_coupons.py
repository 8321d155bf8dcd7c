"""Coupons by the API: taken, quoted, spent, counted, given."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quanzi.kernel import clock
from quanzi.trade.rewards.models import TakenCoupon
from tests.faces.api.conftest import Caller
from tests.factories.goods import make_sku
from tests.factories.people import make_staff
from tests.factories.rewards import make_coupon
from tests.factories.trade import make_buyer, make_point

pytestmark = pytest.mark.django_db


def test_a_program_takes_a_coupon_quotes_with_it_and_orders() -> None:
    me, sku, point, coupon = Caller(make_buyer()), make_sku(price_minor=3_000, stock_of=5), make_point(), make_coupon()
    assert [one["code"] for one in me.get("/coupons")] == [coupon.code]
    taken = me.send("POST", f"/coupons/{coupon.code}/take", {}, status=201, key="take-it-1")
    assert me.send("POST", f"/coupons/{coupon.code}/take", {}, status=201, key="take-it-1") == taken
    assert me.problem("POST", f"/coupons/{make_coupon(each=2).code}/take", {}, key="take-it-1")[1] == "order_key_reused"
    assert (taken["state"], taken["offer"]["off"]["minor"], len(me.get("/coupons"))) == ("free", 500, 1)
    assert me.problem("POST", f"/coupons/{coupon.code}/take", {}, key="take-it-2")[1] == "coupon_taken_before"
    lines = [{"sku_id": sku.pk, "quantity": 1}]
    quote = me.send("POST", "/quotes", {"lines": lines, "method": "pickup", "coupon_id": taken["id"]})
    assert quote["amount_minor"] == 2_500
    body = {
        "lines": lines, "method": "pickup", "pickup_point_id": point.pk, "expected_amount_minor": 2_500, "provider": "offline",
        "coupon_id": taken["id"],
    }  # fmt: skip
    order = me.send("POST", "/orders", body, status=201, key="with-a-coupon")
    assert [(one["state"], one["order"]) for one in me.get("/me/coupons")] == [("held", order["number"])]
    assert me.problem("POST", "/quotes", {"lines": lines, "coupon_id": taken["id"]})[1] == "coupon_not_free"
    assert (
        Caller(make_buyer()).problem("POST", "/quotes", {"lines": lines, "coupon_id": taken["id"]})[1]
        == "coupon_not_free"
    )
    assert me.problem("POST", "/me/coupons", {"code": "nothing"}, key="a-code-1")[1] == "code_holds_nothing"


def test_the_staff_makes_counts_and_ends_and_tells_codes_to_who_makes_them_only() -> None:
    boss, desk = Caller(make_staff("operator")), Caller(make_staff("support"))
    terms = {
        "name_zh": "开业", "name_en": "Opening", "kind": "percent", "way": "code", "off_bp": 1_000, "cap_minor": 900, "from_minor": 1_000,
        "opens_at": "2026-01-01T00:00:00Z", "closes_at": "2199-01-01T00:00:00Z", "use_days": 7, "most": 10,
    }  # fmt: skip
    assert boss.problem("POST", "/staff/coupons", terms)[0] == 422  # for no longer than two years
    made = boss.send(
        "POST", "/staff/coupons", {**terms, "closes_at": (clock.now() + timedelta(days=30)).isoformat()}, status=201
    )["coupon"]
    assert boss.get("/staff/coupons")["items"][0]["code"] == made["code"] != ""
    assert desk.get(f"/staff/coupons/{made['id']}")["coupon"]["code"] == ""
    me = make_buyer()
    one, two = (
        Caller(me).send("POST", "/me/coupons", {"code": made["code"]}, status=201, key="a-code-2") for _ in "12"
    )
    assert one == two
    found = boss.send("POST", f"/staff/coupons/{made['id']}/end", {})
    assert (found["counts"]["taken"], found["counts"]["free"], found["coupon"]["ended_at"] is not None) == (1, 1, True)
    assert desk.problem("POST", f"/staff/coupons/{made['id']}/end", {})[0] == 403
    assert TakenCoupon.objects.get().member == me
