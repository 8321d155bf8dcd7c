"""Goods that are ordered of suppliers, arrive, or are sold from where they lie."""

from __future__ import annotations

from quanzi.goods.stock import queries as stock
from quanzi.goods.supply import services as supply
from quanzi.goods.supply.models import Offer, OfferClaim, Purchase, Receipt
from quanzi.kernel import clock
from tests.crash.plays.play import PLAYS, Facts, Play, is_one, told_once, work
from tests.factories.supply import line_of, make_goods, make_offer, make_person, make_purchase, make_supplier


def _to_order() -> Facts:
    offer = make_offer(make_goods(make_supplier(sends_direct=True)), quantity=10)
    make_person(offer.goods.supplier)
    return {
        "offer": offer.pk,
        "sku": offer.goods.sku_id,
        "purchase": make_purchase(offer=offer, quantity=4, sent=False).pk,
    }


def _order(facts: Facts) -> None:
    supply.send(purchase_id=facts["purchase"], actor="staff:0", now=clock.now())
    work()


def _is_ordered(facts: Facts) -> None:
    assert Offer.objects.get(pk=facts["offer"]).taken == 4
    told_once("PurchaseSent", purchase_id=facts["purchase"])


PLAYS["purchase"] = Play(_to_order, _order, _is_ordered)


def _ordered() -> Facts:
    facts = _to_order()
    _order(facts)
    return {**facts, "line": line_of(Purchase.objects.get(pk=facts["purchase"])).pk}


def _arrive(facts: Facts) -> None:
    supply.receive(
        line_id=facts["line"],
        quantity=4,
        lot_code=f"L-{facts['line']}",
        key=f"box-{facts['line']}",
        actor="staff:0",
        now=clock.now(),
    )
    work()


def _has_arrived(facts: Facts) -> None:
    is_one(Receipt.objects.filter(line_id=facts["line"]))
    assert stock.free([facts["sku"]]) == {facts["sku"]: 4}
    told_once("GoodsReceived", purchase_id=facts["purchase"])
    told_once("PurchaseReceived", purchase_id=facts["purchase"])


PLAYS["delivery_in"] = Play(_ordered, _arrive, _has_arrived)


def _call_off(facts: Facts) -> None:
    if Purchase.objects.get(pk=facts["purchase"]).state != "cancelled":
        supply.call_off(purchase_id=facts["purchase"], reason="rain", actor="staff:0", now=clock.now())
    work()


def _is_called_off(facts: Facts) -> None:
    assert Offer.objects.get(pk=facts["offer"]).taken == 0
    told_once("PurchaseCancelled", purchase_id=facts["purchase"])


PLAYS["purchase_off"] = Play(_ordered, _call_off, _is_called_off)


def _sell_from_there(facts: Facts) -> None:
    supply.sell_from_offer(
        offer_id=facts["offer"], quantity=3, key="once", actor="staff", actor_word="staff:0", now=clock.now()
    )
    work()


def _is_sold_from_there(facts: Facts) -> None:
    is_one(OfferClaim.objects.filter(offer_id=facts["offer"]))
    assert stock.free([facts["sku"]]) == {facts["sku"]: 3}


PLAYS["sell_from_offer"] = Play(_to_order, _sell_from_there, _is_sold_from_there)
