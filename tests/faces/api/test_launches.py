"""Launches, brand days and numbered pieces for programs."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from quanzi.kernel import clock
from quanzi.trade.launches import services as launches
from quanzi.trade.launches.models import BrandDay, Launch, Piece, Reminder
from quanzi.trade.sales.models import Order
from quanzi.trade.sales.services import mark_handed_over
from tests.factories.goods import make_sku
from tests.factories.launches import MINUTE, make_day, make_edition, make_launch
from tests.factories.people import log_in, make_staff
from tests.factories.trade import make_buyer, make_point, pay

pytestmark = pytest.mark.django_db
KEY = {"HTTP_IDEMPOTENCY_KEY": "launch-key-1"}


def call(member: Any, method: str, path: str, body: Any = None, **headers: str) -> Any:
    client = Client()
    log_in(client, member)
    return client.generic(method, f"/api/v1{path}", json.dumps(body or {}), "application/json", **headers)


def ordering(minor: int, **more: Any) -> dict[str, Any]:
    return {
        "method": "pickup",
        "pickup_point_id": make_point().pk,
        "expected_amount_minor": minor,
        "provider": "offline",
        **more,
    }


def test_a_program_enters_a_launch_waits_for_its_turn_and_orders() -> None:
    now, me = clock.now(), make_buyer()
    launch = make_launch(units=1, now=now - 11 * MINUTE)
    waits = make_buyer()
    entered = call(me, "POST", f"/launches/{launch.code}/places", {"wanted": 1})
    assert (entered.status_code, entered.json()["mine"]["state"]) == (201, "turn"), entered.content
    assert call(me, "POST", f"/launches/{launch.code}/places", {"wanted": 1}).json()["code"] == "launch_in_already"
    assert call(waits, "POST", f"/launches/{launch.code}/places").json()["mine"]["position"] == 2
    early = call(waits, "POST", f"/launches/{launch.code}/orders", ordering(3_000), **KEY)
    assert (early.status_code, early.json()["code"]) == (409, "launch_not_your_turn")

    made = call(me, "POST", f"/launches/{launch.code}/orders", ordering(3_000), **KEY)
    assert made.status_code == 201, made.content
    assert Order.objects.get().number == made.json()["number"]
    lot = Client().get(f"/api/v1/launches/{launch.code}/lot").json()
    assert (lot["seed_hash"], lot["places"]) == (launch.seed_hash, [])
    assert call(waits, "DELETE", f"/launches/{launch.code}/places/mine").status_code == 204
    assert Client().get("/api/v1/calendar").json()["ahead"][0]["launches"][0]["code"] == launch.code


def test_a_program_is_reminded_of_a_brand_day_and_orders_from_one() -> None:
    me, ahead, day = make_buyer(), make_day(), make_day(now=clock.now() - 61 * MINUTE)
    for _ in range(2):
        assert call(me, "PUT", f"/brand-days/{ahead.slug}/reminder").status_code == 204
    assert Reminder.objects.count() == 1
    assert call(me, "DELETE", f"/brand-days/{ahead.slug}/reminder").status_code == 204
    body = ordering(6_000, lines=[{"sku_id": day.goods.get().sku_id, "quantity": 2}])
    assert call(me, "POST", f"/brand-days/{day.slug}/orders", body, **KEY).status_code == 201
    assert (
        call(me, "POST", f"/brand-days/{ahead.slug}/orders", body, HTTP_IDEMPOTENCY_KEY="launch-key-2").json()["code"]
        == "brand_day_not_open"
    )


def test_a_program_orders_a_number_writes_its_record_and_hands_it_on() -> None:
    edition, me, friend = make_edition(size=2), make_buyer(), make_buyer()
    assert Client().get("/api/v1/editions").json()[0]["free"] == [1, 2]
    made = call(me, "POST", f"/editions/{edition.code}/orders", ordering(4_000, number=2), **KEY)
    assert made.status_code == 201, made.content
    pay(Order.objects.get())
    piece = Piece.objects.get(number=2)
    assert call(me, "GET", "/me/pieces").json() == [
        {"code": piece.code, "title": "阳山水蜜桃 · 5 斤", "number": 2, "size": 2}
    ]
    assert call(me, "POST", f"/pieces/{piece.code}/records", {"kind": "care", "text": "上油"}).status_code == 201
    assert call(friend, "POST", f"/pieces/{piece.code}/records", {"kind": "care", "text": "x"}).status_code == 404
    assert call(me, "PUT", f"/pieces/{piece.code}/handing").json()["code"] == "piece_on_its_way"
    mark_handed_over(order_id=Order.objects.get().pk, now=clock.now())
    token = call(me, "PUT", f"/pieces/{piece.code}/handing").json()["token"]
    assert call(friend, "GET", f"/pieces/{piece.code}").json()["token"] == ""
    assert call(friend, "POST", f"/handings/{token}").json()["is_mine"] is True
    assert [one["kind"] for one in Client().get(f"/api/v1/pieces/{piece.code}").json()["records"]] == [
        "sold",
        "care",
        "handed_on",
    ]
    assert call(friend, "PUT", f"/editions/{edition.code}/asks/mine").json()["code"] == "piece_free"


def test_the_staff_plan_and_call_off_by_program() -> None:
    boss, buyer, now = make_staff("operator"), make_buyer(), clock.now()
    sku = make_sku(stock_of=9)
    body = {
        "title": "锅", "sku_id": sku.pk, "price_minor": 2_000, "units": 9, "entry_opens_at": now.isoformat(),
        "starts_at": (now + timedelta(hours=1)).isoformat(), "ends_at": (now + timedelta(hours=2)).isoformat(),
    }  # fmt: skip
    assert call(buyer, "POST", "/staff/launches", body).status_code == 403
    assert call(boss, "POST", "/staff/launches", {**body, "units": 0}).status_code == 422
    made = call(boss, "POST", "/staff/launches", body)
    assert made.status_code == 201, made.content
    off = call(boss, "POST", f"/staff/launches/{made.json()['id']}/call-off")
    assert (off.json()["state"], Launch.objects.get().held) == ("called_off", 0)
    day = make_day()
    assert call(boss, "POST", f"/staff/brand-days/{day.pk}/call-off").json()["day"]["phase"] == "called_off"
    assert BrandDay.objects.get().called_off_at is not None
    assert len(call(boss, "GET", "/staff/launches").json()["items"]) == 1
    assert launches.run_due(now) == 0
