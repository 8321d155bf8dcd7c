"""The whole loop through the API alone: a link, a circle, a team of two, payment, hand-over, kept, told, and seen by a friend."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from quanzi.base.events.services import deliver_pending
from quanzi.kernel import clock
from quanzi.kernel.clock import today
from quanzi.people.trust.services import record_tie
from quanzi.trade.sales.models import Order
from tests.faces.api.conftest import ROOT, Caller, refusal_in
from tests.factories import deals, goods, people, trade
from tests.trade.conftest import doctor_finds_nothing

pytestmark = pytest.mark.django_db


def settle() -> None:
    while deliver_pending():
        continue


def seat_of(point: Any, key: str = "seat-of-mine-1", **more: Any) -> dict[str, Any]:
    return {
        "body": {
            "method": "pickup",
            "pickup_point_id": point.pk,
            "expected_amount_minor": 3_490,
            "provider": "offline",
            **more,
        },
        "key": key,
        "status": 201,
    }


def pay_in_cash(buyer: Caller, staff: Caller, number: str) -> None:
    payment = buyer.send("POST", f"/orders/{number}/payments", {"provider": "offline"}, key="pay-for-it-1", status=201)
    assert (payment["state"], payment["pay_url"]) == ("created", "")
    paid = staff.send("POST", f"/staff/payments/{payment['number']}/capture", {"reference": ""})
    assert paid["state"] == "captured"
    assert buyer.get(f"/payments/{payment['number']}?ask=true")["state"] == "captured"


def test_two_friends_buy_together_and_one_tells_how_it_was() -> None:
    sku = goods.make_sku(price_minor=3_990, stock_of=10)
    deal, point = deals.make_deal(sku=sku, team_size=2), trade.make_point()
    xiaoyu, amei = Caller(people.make_member("林小雨")), Caller(people.make_member("阿梅"))
    staff = Caller(people.make_staff("operator"))

    circle = xiaoyu.send("POST", "/circles", {"name": "锦绣邻里", "admission": "invitation"}, status=201)
    link = xiaoyu.send("POST", f"/circles/{circle['slug']}/links", {"uses": 1}, status=201)
    assert amei.problem("POST", f"/circles/{circle['slug']}/join", {}) == (403, "not_invited")
    assert amei.send("POST", f"/join-links/{link['token']}")["state"] == "joined"
    note = {"title": "这个桃子要等两天", "circle": circle["slug"], "products": [sku.product.slug]}
    post = xiaoyu.send("POST", "/posts", note, status=201)
    seen = amei.get(f"/circles/{circle['slug']}/feed")["items"]
    assert [(card["item"]["id"], card["product"]["slug"]) for card in seen] == [(post["id"], sku.product.slug)]
    amei.send("PUT", f"/posts/{post['id']}/useful", status=204)
    amei.send("POST", f"/posts/{post['id']}/comments", {"body": "想拼"}, status=201)

    asked = {"deal_id": deal.pk, "method": "pickup"}
    quoted = xiaoyu.send("POST", "/quotes", asked)
    assert (quoted["goods_minor"], quoted["amount_minor"]) == (3_990, 3_490)
    opened = xiaoyu.send("POST", f"/deals/{deal.pk}/teams", **seat_of(point))
    assert xiaoyu.send("POST", f"/deals/{deal.pk}/teams", **seat_of(point)) == opened
    pay_in_cash(xiaoyu, staff, opened["number"])
    settle()
    team = amei.get(f"/teams/{opened['team']}")
    assert (team["may_join"], team["card"]["missing"], [face["name"] for face in team["faces"]]) == (
        True,
        1,
        ["林小雨"],
    )
    joined = amei.send("POST", f"/teams/{opened['team']}/seats", **seat_of(point))
    pay_in_cash(amei, staff, joined["number"])
    settle()
    assert amei.get(f"/teams/{opened['team']}")["card"]["state"] == "succeeded"
    assert {one["card"]["name"]: one["steps"] for one in amei.get("/me/ties")}["林小雨"] == 1

    work = staff.get(f"/work?point_id={point.pk}")["items"]
    assert {one["order_number"] for one in work} == {opened["number"], joined["number"]}
    mine = next(one for one in work if one["order_number"] == opened["number"])
    staff.send("POST", f"/work/{mine['fulfilment_id']}/ready")
    give = f"/work/{mine['fulfilment_id']}/hand-over"
    assert staff.problem("POST", give, {"code": "wrong"}) == (422, "fulfilment_wrong_code")
    code = xiaoyu.get(f"/orders/{opened['number']}")["progress"]["pickup_code"]
    staff.send("POST", give, {"code": code})
    settle()

    order = xiaoyu.get(f"/orders/{opened['number']}")
    line = order["card"]["lines"][0]["id"]
    told = {"line_id": line, "title": "很甜", "stars": 5}
    assert xiaoyu.problem("POST", "/experiences", told) == (409, "not_kept_yet")
    xiaoyu.send("POST", f"/orders/{opened['number']}/lines/{line}/kept")
    assert [one["id"] for one in xiaoyu.get("/me/writable-lines")] == [line]
    xiaoyu.send("POST", "/experiences", told, status=201)
    assert xiaoyu.problem("POST", "/experiences", told) == (409, "experience_written_already")

    page = amei.get(f"/products/{sku.product.slug}")
    assert (page["proof"]["kept"], page["proof"]["known_kept"]) == (1, 1)
    assert page["proof"]["quote"]["author"] == "林小雨"
    assert (page["stars"]["rated"], page["stars"]["average"]) == (1, "5.0")
    assert [one["title"] for one in amei.get(f"/products/{sku.product.slug}/experiences?only=known")["items"]] == [
        "很甜"
    ]
    assert Caller().get(f"/products/{sku.product.slug}/evidence")["items"][0]["said"] is True
    doctor_finds_nothing()


def test_an_order_by_delivery_with_cart_quote_key_and_refund() -> None:
    sku, me = goods.make_sku(price_minor=5_000, stock_of=3), Caller(people.make_member())
    staff = Caller(people.make_staff("owner"))
    home = me.send(
        "POST", "/me/addresses",
        {"recipient": "林小雨", "phone": "138 0000 0001", "region_code": "330106", "detail": "文三路 90 号"}, status=201,
    )  # fmt: skip
    cart = me.send("POST", "/cart", {"sku_id": sku.pk, "quantity": 2})
    assert cart["can_be_ordered"]
    amount = cart["quote"]["amount_minor"]
    body = {
        "lines": [{"sku_id": sku.pk, "quantity": 2}], "method": "delivery", "address_id": home["id"], "from_cart": True,
        "expected_amount_minor": amount, "provider": "offline",
    }  # fmt: skip
    changed = me.ask("POST", "/orders", {**body, "expected_amount_minor": amount - 1}, key="order-of-mine-0")
    assert refusal_in(changed) == (409, "order_price_changed")
    placed = me.send("POST", "/orders", body, key="order-of-mine-1", status=201)
    assert me.send("POST", "/orders", body, key="order-of-mine-1", status=201) == placed
    other = {**body, "lines": [{"sku_id": sku.pk, "quantity": 1}]}
    assert me.problem("POST", "/orders", other, key="order-of-mine-1") == (409, "order_key_reused")
    assert Order.objects.count() == 1
    assert me.get("/cart")["rows"] == []
    short = me.ask("POST", "/orders", {**body, "expected_amount_minor": amount}, key="order-of-mine-2")
    assert refusal_in(short) == (409, "out_of_stock")

    pay_in_cash(me, staff, placed["number"])
    settle()
    line = me.get(f"/orders/{placed['number']}")["card"]["lines"][0]["id"]
    path = f"/staff/orders/{placed['number']}/lines/{line}/refund"
    refund = {"reason": "one was bruised", "amount_minor": 1_000}
    first = staff.send("POST", path, refund, key="refund-once-1", status=201)
    assert staff.send("POST", path, refund, key="refund-once-1", status=201) == first
    assert staff.problem("POST", path, {**refund, "amount_minor": 99_999}, key="refund-once-2") == (
        422,
        "refund_too_large",
    )
    assert me.get(f"/orders/{placed['number']}")["card"]["refunded"]["minor"] == 1_000
    me.send("POST", f"/orders/{placed['number']}/call-off")
    assert me.get(f"/orders/{placed['number']}")["card"]["state"] == "refunded"
    assert me.get("/orders?group=ended")["items"][0]["number"] == placed["number"]
    settle()
    doctor_finds_nothing()


def test_a_source_its_spend_and_what_the_ledger_says() -> None:
    boss, now = Caller(people.make_staff("owner")), clock.now()
    source = boss.send("POST", "/staff/sources", {"kind": "ad", "name": "地铁海报", "target": "/deals"}, status=201)
    assert source["link"].endswith(f"/i/{source['token']}")
    spend = {"amount_minor": 120_000, "spent_on": str(today(now)), "what": "海报"}
    path = f"/staff/sources/{source['id']}/spends"
    first = boss.send("POST", path, spend, key="spend-once-1", status=201)
    assert boss.send("POST", path, spend, key="spend-once-1", status=201) == first
    assert [one["amount_minor"] for one in boss.get(path)["items"]] == [120_000]
    ends = today(now) + timedelta(days=1)
    ledger = boss.get(f"/staff/relation-ledger?starts_on=2026-01-01&ends_on={ends}")
    assert [row["spend_minor"] for row in ledger["rows"] if row["source_id"] == source["id"]] == [120_000]
    assert ledger["total"]["spend_minor"] == 120_000
    facts = boss.get(f"/staff/relation-ledger/facts?column=members&starts_on=2026-01-01&ends_on={ends}&model=even")
    assert sum(one["share"] for one in facts) == ledger["total"]["members"]
    boss.send("DELETE", f"/staff/sources/{source['id']}", status=204)
    assert source["id"] not in [one["id"] for one in boss.get("/staff/sources")["items"]]
    mine = Caller(people.make_member()).send("POST", "/me/invitations", {"target": "/deals"})
    assert mine["link"].endswith(mine["token"])


def test_ties_consents_notices_and_profile() -> None:
    me, friend = Caller(people.make_member("小雨")), Caller(people.make_member("阿梅"))
    assert me.member is not None
    assert friend.member is not None
    me.send("POST", f"/members/{friend.member.pk}/tie-requests", {"kind": "family", "label": "妹妹"}, status=204)
    asked = friend.get("/me/tie-requests")["to_me"][0]
    friend.send("POST", f"/me/tie-requests/{asked['id']}/answer", {"accept": True, "label": "姐姐"}, status=204)
    assert me.get(f"/members/{friend.member.pk}")["tie"]["words"] == "妹妹"
    me.send("PATCH", f"/me/ties/{friend.member.pk}", {"label": "小妹"}, status=204)
    assert me.get(f"/members/{friend.member.pk}")["tie"]["words"] == "小妹"
    notices = friend.get("/me/notices")["items"]
    assert notices
    assert friend.send("POST", "/me/notices/read", {})["count"] == len(notices)
    assert friend.get("/me/notices/unread")["count"] == 0
    me.send("DELETE", f"/me/ties/{friend.member.pk}", status=204)
    assert me.get(f"/members/{friend.member.pk}")["tie"] is None

    assert not any(one["granted"] for one in me.get("/me/consents"))
    given = me.send("PUT", "/me/consents", {"purpose": "social_proof", "channel": "none", "granted": True})
    assert [one["purpose"] for one in given if one["granted"]] == ["social_proof"]
    profile = me.send("PUT", "/me", {"name": "小雨", "bio": "爱吃山药", "language": "zh-hans"})
    assert (profile["bio"], profile["avatar"]) == ("爱吃山药", None)


def test_a_picture_is_uploaded_encoded_anew_and_used_in_a_post(monkeypatch: pytest.MonkeyPatch) -> None:
    me, out = Caller(people.make_member()), BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")

    def upload(data: bytes, **fields: str) -> Any:
        file = SimpleUploadedFile("x.png", data, content_type="image/png")
        return me.client.post(f"{ROOT}/pictures", {"file": file, **fields})

    stored = upload(out.getvalue(), alt="红").json()
    assert (stored["width"], stored["height"], stored["alt"]) == (40, 30, "红")
    post = me.send("POST", "/posts", {"title": "看", "picture_ids": [stored["id"]]}, status=201)
    assert post["pictures"][0]["url"].endswith(".webp")
    assert refusal_in(upload(b"<svg onload=alert(1)>")) == (422, "not_a_picture")
    assert refusal_in(upload(out.getvalue(), purpose="invoice")) == (422, "invalid_request")
    assert refusal_in(upload(b"x" * (12 * 1024 * 1024 + 1))) == (422, "picture_too_large")
    assert refusal_in(me.client.post(f"{ROOT}/pictures", {})) == (422, "invalid_request")


def test_pages_of_a_list_hold_everything_once() -> None:
    made = [goods.make_product(on_sale=True).slug for _ in range(5)]
    visitor, seen, after = Caller(), [], ""
    while True:
        page = visitor.get(f"/products?limit=2{after}")
        seen += [one["product"]["slug"] for one in page["items"]]
        if page["next"] is None:
            break
        after = f"&cursor={page['next']}"
    assert seen == made[::-1]


def test_lists_ask_the_database_no_more_for_twenty_rows_than_for_one(
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    me, point = Caller(people.make_member()), trade.make_point()
    assert me.member is not None
    friend = trade.make_buyer()
    record_tie(source_id=me.member.pk, target_id=friend.pk, kind="friend", evidence="test", now=clock.now())
    for _ in range(3):
        trade.make_order(member=me.member, point=point)
        deal = deals.make_deal()
        deals.pay(deals.open_team(deal, friend, point=point)[1])
    for path in ("/orders", "/products", "/deals", "/teams", "/feed"):
        me.get(f"{path}?limit=1")
        with django_assert_max_num_queries(60) as one:
            me.get(f"{path}?limit=1")
        with django_assert_max_num_queries(len(one)):
            me.get(f"{path}?limit=20")
