"""A supplier's desk on the phone."""

from __future__ import annotations

from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from quanzi.faces.ui.formats import money
from quanzi.goods.supply.models import Offer, Purchase
from quanzi.goods.supply.queries import purchase_page
from quanzi.kernel.money import Money
from tests.faces.console.desk import page, staff_client
from tests.factories.people import log_in, make_member
from tests.factories.supply import arrive, line_of, make_goods, make_offer, make_person, make_purchase, make_supplier

pytestmark = pytest.mark.django_db


def desk(supplier=None) -> Client:  # type: ignore[no-untyped-def]
    client = Client()
    log_in(client, make_person(supplier) if supplier else make_member())
    return client


def test_for_everybody_else_there_is_no_desk_and_no_purchase_of_another_supplier() -> None:
    purchase, draft = make_purchase(), make_purchase(sent=False)
    stranger, other = desk(), desk(make_supplier())
    for name, args in (("supplier", []), ("supplier_lots", []), ("supplier_purchase", [purchase.number])):
        assert stranger.get(reverse(f"storefront:{name}", args=args)).status_code == 404
    assert other.get(reverse("storefront:supplier_purchase", args=[purchase.number])).status_code == 404
    own = desk(draft.supplier)
    assert own.get(reverse("storefront:supplier_purchase", args=[draft.number])).status_code == 404


def test_a_purchase_is_answered_with_what_comes_and_when_and_sent() -> None:
    purchase = make_purchase(quantity=10)
    client, where = desk(purchase.supplier), reverse("storefront:supplier_purchase", args=[purchase.number])
    assert purchase.number in client.get(reverse("storefront:supplier")).content.decode()
    line = line_of(purchase)

    too_many = client.post(where, {"act": "confirm", f"line-{line.pk}": "11"})
    assert (too_many.status_code, "11" in too_many.content.decode()) == (422, True)
    client.post(where, {"act": "confirm", f"line-{line.pk}": "8", "promised": "2026-12-01T06:30", "answer": "只有八件"})
    client.post(where, {"act": "ship", "tracking": "沪A12345"})

    purchase.refresh_from_db()
    line.refresh_from_db()
    assert (purchase.state, line.confirmed, purchase.answer, purchase.tracking) == (
        "shipped",
        8,
        "只有八件",
        "沪A12345",
    )
    assert purchase.promised_at is not None and purchase.promised_at.isoformat() == "2026-11-30T22:30:00+00:00"
    assert "8" in client.get(where).content.decode()
    assert client.post(where, {"act": "decline", "reason": "late"}).status_code == 409
    assert client.post(where, {"act": "burn"}).status_code == 404


def test_the_money_follows_what_was_confirmed_and_what_came() -> None:
    purchase = make_purchase(quantity=10)
    client, where = desk(purchase.supplier), reverse("storefront:supplier_purchase", args=[purchase.number])
    line = line_of(purchase)
    cost = line.cost_minor

    def said(units: int) -> bool:
        return f"{units} · {money(Money(units * cost))}" in unescape(client.get(where).content.decode())

    assert said(10) and not said(8)
    client.post(where, {"act": "confirm", f"line-{line.pk}": "8"})
    assert said(10) and said(8)
    arrive(line, 7, damaged=1, storage="chilled", temperature_tenths=90)
    assert said(10) and said(8) and said(7)
    (receipt,) = purchase_page(purchase.number).lines[0].receipts
    assert receipt.is_warm
    assert "9.0 °C" in page(staff_client("operator"), "purchase", purchase.pk)


def test_what_cannot_be_needs_a_reason() -> None:
    purchase = make_purchase()
    client, where = desk(purchase.supplier), reverse("storefront:supplier_purchase", args=[purchase.number])
    assert client.post(where, {"act": "decline", "reason": ""}).status_code == 422
    assert client.post(where, {"act": "decline", "reason": "下雨，没采"}).status_code == 302
    assert Purchase.objects.get().state == "cancelled"


def test_a_lot_is_offered_once_and_withdrawn() -> None:
    goods = make_goods()
    client, where = desk(goods.supplier), reverse("storefront:supplier_lots")
    sent = {"goods": goods.pk, "code": "GH-1", "quantity": "40", "storage": "chilled", "expires_at": "2030-01-05"}
    for _ in range(2):
        assert client.post(where, sent).status_code == 302
    offer = Offer.objects.get()
    assert (offer.quantity, offer.cost_minor, offer.expires_at.isoformat()) == (
        40,
        goods.cost_minor,
        "2030-01-05T16:00:00+00:00",
    )  # type: ignore[union-attr]
    assert "GH-1" in client.get(where).content.decode()
    assert client.post(where, {**sent, "code": "", "quantity": "x", "expires_at": "soon"}).status_code == 422
    assert client.post(where, {"act": "withdraw", "offer": make_offer().pk}).status_code == 404
    client.post(where, {"act": "withdraw", "offer": offer.pk})
    offer.refresh_from_db()
    assert offer.ended_at is not None


def test_the_desk_is_found_from_ones_own_page() -> None:
    supplier = make_supplier("青禾农场")
    assert "青禾农场" in desk(supplier).get(reverse("storefront:me")).content.decode()
    assert reverse("storefront:supplier") not in desk().get(reverse("storefront:me")).content.decode()
