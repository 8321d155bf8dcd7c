"""Buying and receiving, as the staff does it on pages."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from quanzi.goods.pricing.models import FreightTemplate
from quanzi.goods.stock import services as stock
from quanzi.goods.stock.queries import free
from quanzi.goods.supply.models import Purchase, Supplier, SupplierPerson
from quanzi.kernel import clock
from tests.faces.console.desk import page, staff_client
from tests.factories.goods import make_sku
from tests.factories.people import make_member
from tests.factories.supply import line_of, make_goods, make_offer, make_purchase, make_supplier

pytestmark = pytest.mark.django_db


def test_a_purchase_goes_from_an_empty_draft_to_the_shelf() -> None:
    client, sku = staff_client("operator"), make_sku()
    client.post(reverse("console:suppliers"), {"name": "青禾农场", "sends_direct": "on"})
    supplier = Supplier.objects.get(name="青禾农场")
    where = reverse("console:supplier", args=[supplier.pk])
    client.post(where, {"part": "goods", "sku": sku.pk, "cost_minor": "18.00", "pack_of": "6", "is_first": "on"})
    client.post(reverse("console:purchase_new"), {"supplier": supplier.pk})
    purchase = Purchase.objects.get()
    client.post(reverse("console:purchase_line", args=[purchase.pk]), {"sku": sku.pk, "quantity": "12"})
    client.post(reverse("console:purchase_move", args=[purchase.pk]), {"act": "send"})
    line = line_of(purchase)

    receive = {"quantity": "11", "damaged": "1", "lot_code": "QH-1", "temperature": "3.5", "key": "once"}
    for _ in range(2):
        assert client.post(reverse("console:purchase_receive", args=[line.pk]), receive).status_code == 302

    purchase.refresh_from_db()
    assert (purchase.state, free([sku.pk]), line.receipts.get().temperature_tenths) == ("received", {sku.pk: 11}, 35)
    drawn = page(client, "purchase", purchase.pk)
    assert "QH-1" in drawn and "216.00" in drawn


def test_a_refused_receipt_keeps_what_was_typed_and_says_why() -> None:
    client, line = staff_client("fulfilment"), line_of(make_purchase(quantity=3))
    sent = {"quantity": "9", "damaged": "0", "lot_code": "TYPED", "temperature": "warm", "key": "k"}
    answer = client.post(reverse("console:purchase_receive", args=[line.pk]), sent)
    drawn = answer.content.decode()
    assert (answer.status_code, "TYPED" in drawn, "warm" in drawn) == (422, True, True)
    assert free([line.sku_id]) == {line.sku_id: 0}


def test_who_receives_goods_does_not_see_what_they_cost() -> None:
    purchase = make_purchase(make_goods(cost_minor=12_345), quantity=1)
    assert "123.45" in page(staff_client("operator"), "purchase", purchase.pk)
    for name, key in (("purchase", [purchase.pk]), ("purchases", [])):
        assert "123.45" not in page(staff_client("fulfilment"), name, *key)


def test_a_purchase_is_printed_with_its_number_as_a_code() -> None:
    purchase = make_purchase(quantity=7)
    answer = staff_client("operator").get(reverse("console:purchase", args=[purchase.pk]) + "?paper=1")
    assert answer.headers["Content-Type"] == "application/pdf"
    text = "".join(PdfReader(BytesIO(answer.content)).pages[0].extract_text().split())
    assert purchase.number in text and "7" in text


def test_somebody_is_let_in_for_a_supplier_by_what_they_sign_in_with() -> None:
    client, supplier, member = staff_client("owner"), make_supplier(), make_member()
    where = reverse("console:supplier", args=[supplier.pk])
    assert client.post(where, {"part": "people", "member": "nobody@x.example"}).status_code == 422
    client.post(where, {"part": "people", "member": member.email})
    assert SupplierPerson.objects.get(supplier=supplier).member == member
    client.post(reverse("console:supplier_person_end", args=[supplier.pk, member.pk]))
    assert not SupplierPerson.objects.filter(ended_at=None).exists()


def test_units_of_an_offer_are_put_on_sale_once() -> None:
    offer = make_offer(make_goods(make_supplier(sends_direct=True)), quantity=9)
    client = staff_client("operator")
    for _ in range(2):
        client.post(reverse("console:offer_sell", args=[offer.pk]), {"quantity": "4", "key": "k"})
    assert free([offer.goods.sku_id]) == {offer.goods.sku_id: 4}


def test_a_freight_template_is_written_by_names_of_regions_and_given_to_goods() -> None:
    client, sku = staff_client("operator"), make_sku()
    where = reverse("console:freight")
    sent = {
        "name": "生鲜", "is_default": "on", "regions-0": "上海、浙江，杭州市", "first_minor-0": "6", "step_minor-0": "1", "free-0": "99",
        "first_minor-1": "12", "regions-1": "", "regions-2": "新疆", "unserved-2": "on", "by-1": "count", "first-1": "2",
    }  # fmt: skip
    assert client.post(where, sent).status_code == 302
    template = FreightTemplate.objects.get()
    assert [area["regions"] for area in template.areas] == [["310000", "330000", "330100"], [], ["650000"]]
    assert (template.areas[0]["first_minor"], template.areas[0]["free_from_minor"], template.areas[1]["by"]) == (
        600,
        9_900,
        "count",
    )
    drawn = page(client, "freight", query=f"?template={template.pk}")
    assert "上海市、浙江省、杭州市" in drawn and "新疆" in drawn and "notice accent" not in drawn
    few = FreightTemplate.objects.create(name="江浙", areas=template.areas[:1], changed_at=clock.now())
    assert "notice accent" in page(client, "freight", query=f"?template={few.pk}"), (
        "it says that nowhere else is served"
    )
    wrong = client.post(where, {"name": "乱写", "regions-0": "火星", "first_minor-0": "1"})
    assert (wrong.status_code, "火星" in wrong.content.decode()) == (422, True)

    goods = reverse("console:freight_assign", args=[template.pk])
    client.post(goods, {"product": [sku.product_id, 404]})
    assert list(template.products.values_list("product_id", flat=True)) == [sku.product_id]
    client.post(goods, {})
    assert not template.products.exists()


def test_what_is_promised_and_not_here_stands_on_the_page_of_the_goods() -> None:
    sku = make_sku(stock_of=2)
    stock.promise(sku_id=sku.id, source="round:12", coming=40, now=clock.now())
    lines = [(sku.id, 9, "order_line:1")]
    stock.reserve(lines=lines, expires_at=None, source="round:12", now=clock.now())
    drawn = page(staff_client("operator", "en"), "product", sku.product_id)
    assert "Round 12" in drawn and "9 not here yet" in drawn and ">31<" in drawn
