"""Makers, wishes, those who supply."""

from __future__ import annotations

from django.db.models.functions import Now

from quanzi.growth.erasing.fates.vocabulary import Empty, Erase, Fate, Keep

_GOODS = "words of the shop about goods"
_SUPPLY = "what the shop and its suppliers agreed on"

SHOPS = {
    "catalogue.category": _GOODS,
    "catalogue.product": _GOODS,
    "catalogue.productfilm": _GOODS,
    "catalogue.sku": _GOODS,
    "catalogue.pricechange": _GOODS,
    "catalogue.lot": _GOODS,
    "stock.promise": "numbers",
    "stock.reservation": "numbers",
    "stock.movement": "numbers, and reasons of the staff",
    "supply.importfacts": _GOODS,
    "supply.paper": _SUPPLY,
    "supply.offer": _SUPPLY,
    "supply.offerclaim": _SUPPLY,
    "supply.purchase": _SUPPLY,
    "supply.purchaseline": _SUPPLY,
    "supply.receipt": _SUPPLY,
    "supply.supplier": "a firm, named by the shop",
    "supply.suppliergoods": _SUPPLY,
    "pricing.freighttemplate": "the shop's freight",
    "pricing.timedprice": "prices of the shop, with their reasons",
}

FATES: tuple[Fate, ...] = (
    Empty(
        "catalogue.maker", "member", {"member": None}, why="who made goods stands beside them as long as they are sold"
    ),
    Keep(
        "catalogue.maker", dict.fromkeys(("name", "slug", "place", "story"), "told of the goods; the shop changes it")
    ),
    Keep("supply.offer", {"offered_by": "the offer is the supplier's"}),
    Empty("supply.supplierperson", "member", {"ended_at": Now()}, why="who spoke for a supplier"),
    Erase("wishes.wish", "member"),
    Erase("wishes.stockalert", "member"),
    Erase("wishes.seen", "member"),
)
