"""Buying over the API: the shop asks, the supplier answers, goods arrive once."""

from __future__ import annotations

import pytest

from quanzi.goods.stock.queries import free
from tests.faces.api.conftest import Caller
from tests.factories.goods import make_sku
from tests.factories.people import make_member, make_staff
from tests.factories.supply import line_of, make_goods, make_person, make_purchase, make_supplier
from tests.factories.trade import make_address

pytestmark = pytest.mark.django_db


def test_a_purchase_goes_from_the_shop_to_the_supplier_and_back_onto_the_shelf() -> None:
    shop, sku = Caller(make_staff("operator")), make_sku()
    made = shop.send(
        "POST", "/staff/suppliers", {"name": "青禾农场", "sends_direct": True}, key="supplier-1", status=201
    )
    where = f"/staff/suppliers/{made['id']}"
    person = make_member()
    shop.send("POST", f"{where}/people", {"member_id": person.pk}, status=204)
    shop.send("PUT", f"{where}/goods/{sku.pk}", {"cost_minor": 1_800, "pack_of": 6})
    supplier = Caller(person)
    lot = supplier.send(
        "POST", f"/supplier/suppliers/{made['id']}/offers", {"sku_id": sku.pk, "code": "GH-1", "quantity": 20}, key="offer-001", status=201
    )  # fmt: skip
    assert lot["cost"] == {"minor": 1_800, "currency": "CNY"}
    purchase = shop.send("POST", "/staff/purchases", {"supplier_id": made["id"]}, key="draft-0001", status=201)
    number = purchase["number"]
    shop.send("PUT", f"/staff/purchases/{number}/line", {"sku_id": sku.pk, "quantity": 12, "offer_id": lot["id"]})
    assert supplier.problem("GET", f"/supplier/purchases/{number}") == (404, "purchase_not_found")
    sent = shop.send("POST", f"/staff/purchases/{number}/send")
    line = sent["lines"][0]["id"]

    supplier.send("POST", f"/supplier/purchases/{number}/confirm", {"quantities": [{"line_id": line, "quantity": 10}]})
    supplier.send("POST", f"/supplier/purchases/{number}/ship", {"tracking": "沪A"})
    body = {"quantity": 9, "damaged": 1, "temperature_tenths": 35}
    for _ in range(2):
        got = shop.send("POST", f"/staff/purchases/{number}/lines/{line}/receive", body, key="arrival-1", status=201)

    assert (got["state"], got["lines"][0]["received"], free([sku.pk])) == ("received", 9, {sku.pk: 9})
    sold = shop.send("POST", f"/staff/offers/{lot['id']}/sell", {"quantity": 3}, key="sell-00001")
    assert (sold["taken"], free([sku.pk])) == (15, {sku.pk: 12})
    record = shop.get("/staff/suppliers")[0]["record"]
    assert (record["ordered"], record["received"], record["damaged"]) == (12, 9, 1)


def test_who_receives_goods_reads_no_costs() -> None:
    purchase = make_purchase()
    path = f"/staff/purchases/{purchase.number}"
    assert Caller(make_staff("operator")).get(path)["total"]["minor"] == 18_000
    found = Caller(make_staff("fulfilment")).get(path)
    assert (found["total"], found["lines"][0]["cost"], found["lines"][0]["quantity"]) == (None, None, 10)


def test_a_supplier_answers_only_for_themselves_and_only_for_lines_of_the_purchase() -> None:
    mine, theirs = make_purchase(make_goods(make_supplier())), make_purchase()
    supplier = Caller(make_person(mine.supplier))
    assert supplier.problem("POST", f"/supplier/purchases/{theirs.number}/ship", {}) == (404, "purchase_not_found")
    wrong = {"quantities": [{"line_id": line_of(theirs).pk, "quantity": 1}]}
    assert supplier.problem("POST", f"/supplier/purchases/{mine.number}/confirm", wrong) == (404, "purchase_not_found")
    assert supplier.problem("GET", f"/supplier/suppliers/{theirs.supplier_id}/goods") == (404, "not_found")
    supplier.send("POST", f"/supplier/purchases/{mine.number}/decline", {"reason": "下雨"})
    assert [row["state"] for row in supplier.get(f"/supplier/suppliers/{mine.supplier_id}/purchases")["items"]] == [
        "cancelled"
    ]
    reading = Caller(make_person(mine.supplier), scopes=["supplier:read"])
    assert reading.problem("POST", f"/supplier/purchases/{mine.number}/ship", {})[0] == 403


def test_a_freight_template_is_written_read_and_given_to_goods() -> None:
    shop, sku = Caller(make_staff("operator")), make_sku(price_minor=1_000, weight_g=1_500)
    body = {
        "name": "生鲜",
        "areas": [{"regions": ["310000"], "first_minor": 600, "step_minor": 200}, {"first_minor": 900}],
    }
    made = shop.send("POST", "/staff/freight-templates", body, key="freight-1", status=201)
    shop.send("POST", f"/staff/freight-templates/{made['id']}/goods", {"product_ids": [sku.product_id]}, status=204)
    member = make_member()
    address = make_address(member)
    ask = {"lines": [{"sku_id": sku.pk, "quantity": 1}], "method": "delivery", "address_id": address.pk}
    assert Caller(member).send("POST", "/quotes", ask)["freight_minor"] == 800
    changed = shop.send("PUT", f"/staff/freight-templates/{made['id']}", {**body, "name": "鲜货", "is_default": True})
    assert (changed["name"], changed["product_ids"], changed["areas"][0]["step"]) == ("鲜货", [sku.product_id], 1_000)
    shop.send("POST", f"/staff/freight-templates/{made['id']}/goods", {"away": [sku.product_id]}, status=204)
    assert shop.get("/staff/freight-templates")[0]["product_ids"] == []
    twice = {**body, "areas": [{"regions": ["310000"]}, {"regions": ["310000"]}]}
    assert shop.problem("POST", "/staff/freight-templates", {**twice, "name": "x"}, key="freight-2") == (
        422,
        "freight_area_twice",
    )
