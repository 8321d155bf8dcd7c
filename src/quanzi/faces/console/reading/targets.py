"""What the kinds of things in the audit log are called, what each one's name is, and where its page is.

The rooms write the references ("lot:12"); a test holds this list against their sources.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.apps import apps
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

Page = tuple[str, str]
"""A label, and an address that is empty where there is no page."""


class Kind(NamedTuple):
    """word: what such a thing is called. page: a route of the console, without a key where `key` is "".

    model: its table; name: the column that people know it by, through foreign keys where it must be; key: what the page takes.
    """

    word: Promise
    page: str = ""
    model: str = ""
    name: str = ""
    key: str = "pk"


_ = gettext_lazy

# fmt: off
KINDS: dict[str, Kind] = {
    "api_token": Kind(_("Key of a program"), "", "api.ApiToken", "name"),
    "app": Kind(_("App"), "", "allauth_idp_oidc.Client", "name"),
    "application": Kind(_("Application for a station"), "stations", "stations.StationApplication", "name", key=""),
    "approval": Kind(_("Request to a second person"), "approvals", key=""),
    "arrival": Kind(_("Count of an arrival"), "round", "stations.Arrival", "stop__round__title", key="stop__round_id"),
    "bargain": Kind(_("Price asked for"), "bargain", "bargains.Bargain", "sku__product__name"),
    "branch": Kind(_("Branch"), "patterns", "replicating.Branch", "area", key=""),
    "brand_day": Kind(_("Brand day"), "brand_day", "launches.BrandDay", "title"),
    "call": Kind(_("Question to a leader"), "spread_leaders", "spread.Call", "member__name", key=""),
    "category": Kind(_("Category"), "goods", "catalogue.Category", "name", key=""),
    "chain": Kind(_("Sign-up list"), "chain", "chains.Chain", "title"),
    "circle": Kind(_("Circle"), "circle", "circles.Circle", "name"),
    "claim": Kind(_("Complaint"), "order", "aftersales.Claim", "line__order__number", key="line__order__number"),
    "coupon": Kind(_("Coupon"), "coupon", "rewards.Coupon", "name_zh"),
    "deal": Kind(_("Group deal"), "deal", "deals.GroupDeal", "sku__product__name"),
    "dispatch": Kind(_("Dispatch"), "dispatch_batch", "fulfilment.DispatchBatch"),
    "dispute": Kind(_("Dispute"), "dispute", "aftersales.Dispute", "claim__line__order__number"),
    "driver": Kind(_("Driver"), "runs", "fulfilment.Driver", "member__name", key=""),
    "edition": Kind(_("Numbered pieces"), "edition", "launches.Edition", "sku__product__name"),
    "export": Kind(_("Everything taken along"), "imports", key=""),
    "freight": Kind(_("Freight"), "freight", "pricing.FreightTemplate", "name", key=""),
    "help": Kind(_("Help asked for"), "helps", "aftersales.HelpAsk", "line__order__number", key=""),
    "invoice": Kind(_("Invoice"), "order", "aftersales.Invoice", "order__number", key="order__number"),
    "launch": Kind(_("Launch"), "launch", "launches.Launch", "title"),
    "lead": Kind(_("Lead"), "leads", key=""),
    "leader_settlement": Kind(_("Transfer to a leader"), "leaders", key=""),
    "limit": Kind(_("Limit for a second person"), "approvals", key=""),
    "line": Kind(_("Line of an order"), "order", "sales.OrderLine", "order__number", key="order__number"),
    "lot": Kind(_("Lot"), "lot", "catalogue.Lot", "code"),
    "maker": Kind(_("Maker"), "goods", "catalogue.Maker", "name", key=""),
    "member": Kind(_("Member"), "member", "accounts.Member", "name"),
    "membership": Kind(_("Membership of a circle"), "circle", "circles.Membership", "circle__name", key="circle_id"),
    "movement": Kind(_("Movement of stock"), "product", "stock.Movement", "sku__product__name", key="sku__product_id"),
    "need": Kind(_("What people want"), "need", "needs.Need", "words"),
    "notification": Kind(_("Message of the payment provider"), "cases", key=""),
    "offer": Kind(_("Offer of a supplier"), "product", "supply.Offer", "code", key="goods__sku__product_id"),
    "order": Kind(_("Order"), "order", "sales.Order", "number", key="number"),
    "paper": Kind(_("Paper of goods"), "product_papers", "supply.Paper", "number", key="product_id"),
    "pattern": Kind(_("Pattern"), "pattern", "replicating.Pattern", "name"),
    "paylink": Kind(_("Pay link"), "sources", "stores.PayLink", "code", key=""),
    "payment": Kind(_("Payment")),
    "payout": Kind(_("Payout"), "payout", "commission.Payout", "beneficiary__name"),
    "plan": Kind(_("Plan of samples"), "spread_plan", "spread.Plan", "name"),
    "point": Kind(_("Pickup point"), "places", "sales.PickupPoint", "name", key=""),
    "post": Kind(_("Post"), "circle", "posts.Post", "title", key="circle_id"),
    "preorder": Kind(_("Preorder"), "preorder", "preorders.Preorder", "title"),
    "price_change": Kind(_("Price"), "product", "catalogue.PriceChange", "sku__code", key="sku__product_id"),
    "product": Kind(_("Goods"), "product", "catalogue.Product", "name"),
    "purchase": Kind(_("Purchase"), "purchase", "supply.Purchase", "number"),
    "refund": Kind(_("Refund")),
    "report": Kind(_("Report"), "reports", key=""),
    "ring": Kind(_("Ring of accounts"), "rings", key=""),
    "round": Kind(_("Round"), "round", "stations.Round", "title"),
    "rule": Kind(_("Commission rule"), "commission_rules", "commission.CommissionRule", "name", key=""),
    "run": Kind(_("Delivery run"), "run", "fulfilment.Run", "title"),
    "seed": Kind(_("Sample"), "spread_plan", "spread.Seed", "member__name", key="plan_id"),
    "sheet": Kind(_("Sheet"), "sheet", "importing.Sheet", "file_name"),
    "sku": Kind(_("Variant"), "product", "catalogue.Sku", "code", key="product_id"),
    "source": Kind(_("Source"), "source", "sources.Source", "name"),
    "staff_invitation": Kind(_("Invitation to the staff"), "staff_invitation", "accounts.StaffInvitation", "contact"),
    "station": Kind(_("Station"), "station", "stations.Station", "point__name"),
    "store": Kind(_("Store"), "stores", "stores.Store", "point__name", key=""),
    "supplier": Kind(_("Supplier"), "supplier", "supply.Supplier", "name"),
    "taken_coupon": Kind(_("Coupon given"), "coupon", "rewards.TakenCoupon", "coupon__name_zh", key="coupon_id"),
    "text": Kind(_("Rules and texts"), "shop", key=""),
    "topic": Kind(_("Topic"), "leads", "leads.Topic", "name", key=""),
    "watch": Kind(_("Watch for leads"), "leads", key=""),
    "webhook_delivery": Kind(_("Delivery of a webhook"), "webhook_delivery", "webhooks.Delivery", "endpoint__url"),
    "webhook_endpoint": Kind(_("Webhook"), "webhook", "webhooks.Endpoint", "url"),
    "word_line": Kind(_("Words of the search"), "search_words", key=""),
}
# fmt: on

ONE = {
    "audit": (_("Audit log"), "audit"),
    "freight": (_("Freight"), "freight"),
    "orders": (_("Orders"), "orders"),
    "shop:1": (_("The shop"), "shop"),
    "word_lines": (_("Words of the search"), "search_words"),
}
"""What is one thing for the whole shop."""


def pages_of_kinds(refs: Iterable[str]) -> dict[str, Page]:
    """Label and address of each reference of a known kind; one query for each kind that has a name, whatever their count."""
    pages: dict[str, Page] = {}
    keys: dict[str, set[int]] = {}
    for ref in refs:
        kind, _colon, key = ref.partition(":")
        if ref in ONE:
            word, page = ONE[ref]
            pages[ref] = (str(word), reverse(f"console:{page}"))
        elif kind in KINDS:
            pages[ref] = _unnamed(KINDS[kind], key)
            if KINDS[kind].model and key.isdigit() and len(key) < 19:
                keys.setdefault(kind, set()).add(int(key))
    for kind, wanted in keys.items():
        pages |= {f"{kind}:{row[0]}": _named(KINDS[kind], row) for row in _rows(KINDS[kind], wanted)}
    return pages


def _unnamed(kind: Kind, key: str) -> Page:
    """What has no name of its own, or is not there any more: what it is, and its number."""
    label = gettext("%(what)s %(number)s") % {"what": kind.word, "number": key} if key.isdigit() else str(kind.word)
    return (label, reverse(f"console:{kind.page}") if kind.page and not kind.key else "")


def _rows(kind: Kind, keys: set[int]) -> list[tuple[object, ...]]:
    """Number, key of the page and name."""
    columns = ["pk", kind.key or "pk", kind.name or "pk"]
    return list(apps.get_model(kind.model)._default_manager.filter(pk__in=keys).values_list(*columns))


def _named(kind: Kind, row: Sequence[object]) -> Page:
    number, key, name = row
    if not kind.name or not name:
        label, _address = _unnamed(kind, str(number))
    else:
        label = gettext("%(what)s: %(name)s") % {"what": kind.word, "name": str(name)[:40]}
    if not kind.page:
        return (label, "")
    return (label, reverse(f"console:{kind.page}", args=[key] if kind.key else []))
