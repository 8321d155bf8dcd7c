"""Preorders over the API: planned by the staff, joined, paid, answered and ordered by members."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quanzi.kernel import clock
from quanzi.trade.payments import services as payments
from quanzi.trade.payments.models import Payment
from quanzi.trade.preorders.models import Place
from tests.faces.api.conftest import Caller
from tests.factories.goods import make_sku
from tests.factories.people import make_staff
from tests.factories.preorders import DEPOSIT, hold, make_made, make_preorder
from tests.factories.trade import make_address, make_buyer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def confirm(number: str) -> None:
    """The cash for a payment is here."""
    payment = Payment.objects.get(number=number)
    payments.capture_offline(payment_id=payment.pk, reference="", actor="test", now=clock.now())


def test_a_batch_is_planned_joined_made_and_paid_for() -> None:
    shop, sku, now = Caller(make_staff("operator")), make_sku(price_minor=10_000), clock.now()
    body = {
        "title": "蓝染围巾", "goods": [{"sku_id": sku.pk, "price_minor": 9_000, "deposit_minor": DEPOSIT}], "threshold": 1, "most": 3,
        "opens_at": now.isoformat(), "closes_at": (now + DAY).isoformat(), "balance_days": 3,
        "promised_on": clock.today(now + 30 * DAY).isoformat(),
    }  # fmt: skip
    made = shop.send("POST", "/staff/preorders", body, key="preorder-0001", status=201)["preorder"]
    where = f"/staff/preorders/{made['id']}"
    assert shop.problem("POST", f"{where}/make", key="make-000001") == (409, "preorder_below_threshold")
    assert shop.problem("POST", f"{where}/ask-balance", key="asks-00001") == (409, "preorder_not_made")

    buyer = make_buyer()
    member = Caller(buyer)
    assert [one["id"] for one in Caller().get("/preorders")] == [made["id"]]
    asked = member.send("POST", f"/preorders/{made['id']}/places", {"sku_id": sku.pk}, key="place-00001", status=201)
    mine = f"/me/preorders/{asked['place']['id']}"
    paying = member.send("POST", f"{mine}/payments", {"provider": "offline"}, key="deposit-001", status=201)
    assert (paying["amount"]["minor"], paying["order"]) == (DEPOSIT, "")
    confirm(paying["number"])
    assert member.get(f"/payments/{paying['number']}")["state"] == "captured"
    assert member.get(mine)["place"]["state"] == "held"
    assert Caller().get(f"/preorders/{made['id']}")["people"] == 1

    shop.send("POST", f"{where}/make", key="make-000002")
    shop.send("POST", f"{where}/news", {"text": "开缸"}, key="news-00001", status=201)
    shop.send("POST", f"{where}/ask-balance", key="asks-00002")
    address = make_address(buyer).pk
    asked_for = member.get(f"{mine}/balance?address_id={address}")
    assert asked_for["to_pay"]["minor"] == asked_for["amount"]["minor"] - DEPOSIT
    order = {
        "method": "delivery",
        "address_id": address,
        "provider": "offline",
        "expected_amount_minor": asked_for["amount"]["minor"],
    }
    placed = member.send("POST", f"{mine}/balance", order, key="balance-0001", status=201)
    rest = member.send(
        "POST", f"/orders/{placed['number']}/payments", {"provider": "offline"}, key="rest-00001", status=201
    )
    assert rest["amount"]["minor"] == placed["amount"]["minor"] - DEPOSIT
    confirm(rest["number"])
    assert member.problem("POST", f"{mine}/leave") == (409, "place_paid_in_full")
    shown = shop.send("POST", f"{where}/received", {"sku_id": sku.pk, "quantity": 1}, key="came-00001")
    assert shown["sums"]["settled"] == 1
    assert [one["state"] for one in shop.get(f"{where}/places")["items"]] == ["settled"]


def test_another_date_is_asked_about_and_a_no_returns_everything() -> None:
    preorder, (place, other) = make_made(places=2)
    shop, member = Caller(make_staff("operator")), Caller(place.member)
    later = {"after": (preorder.promised_on + DAY).isoformat(), "reason": "雨季"}
    shop.send("POST", f"/staff/preorders/{preorder.pk}/date", later, key="date-00001", status=201)
    assert member.get(f"/me/preorders/{place.pk}")["question"]["reason"] == "雨季"
    answered = member.send("POST", f"/me/preorders/{place.pk}/date", {"agrees": False})
    assert (answered["place"]["state"], answered["question"]) == ("returned", None)
    assert member.problem("GET", f"/me/preorders/{other.pk}") == (404, "no_such_place")
    assert member.problem("POST", f"/me/preorders/{other.pk}/date", {"agrees": True}) == (404, "no_such_place")
    shop.send("POST", f"/staff/preorders/{preorder.pk}/call-off", {"reason": "停工"}, key="off-000001")
    assert shop.get(f"/staff/preorders/{preorder.pk}")["preorder"]["state"] == "called_off"


def test_leaving_by_program_returns_the_deposit() -> None:
    place = hold(make_preorder())
    left = Caller(place.member).send("POST", f"/me/preorders/{place.pk}/leave")
    assert left["place"]["end_reason"] == "preorder_left"
    assert Place.objects.get().state == "returned"
