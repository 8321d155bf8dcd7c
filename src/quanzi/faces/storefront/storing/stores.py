"""Stores: which there are, and the page of one with what stands there now. A table's code leads here with its name (?spot=)."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from quanzi.faces.storefront.viewing import id_in, show
from quanzi.goods.catalogue.queries import first_pictures
from quanzi.kernel import clock
from quanzi.trade.sales.rules import MOST_OF_ONE, clean
from quanzi.trade.stores import queries
from quanzi.trade.stores.queries import StoreCard
from quanzi.trade.stores.rules import LONGEST


@require_safe
def stores(request: HttpRequest) -> HttpResponse:
    """Every open store."""
    return show(request, "storing/stores.html", {"cards": queries.stores()})


@require_safe
def store(request: HttpRequest, code: str) -> HttpResponse:
    """Where, when, what stands there. Chosen amounts lead to the ordinary checkout, to be handed over at once."""
    found, now = queries.store_by_code(code), clock.now()
    spot = clean(request.GET.get("spot", ""))[: LONGEST["spot"]]
    if "order" in request.GET:
        lines = [("line", line) for line in chosen(request)]
        if lines:
            asked = [*lines, ("store", found.code)] + ([("spot", spot)] if spot else [])
            return redirect(f"{reverse('storefront:checkout')}?{urlencode(asked)}")
        messages.info(request, gettext("Choose how many of what you would like."))
    shelf = queries.shelf(store_id=found.id)
    context = {
        "store": found,
        "spot": spot,
        "shelf": shelf,
        "counted_at": max((line.counted_at for line in shelf), default=None),
        "pictures": first_pictures({line.product_id for line in shelf}),
        "events": queries.coming_events(store_id=found.id, now=now),
        "map": map_of(found),
        "address": request.build_absolute_uri(reverse("storefront:store", args=[found.code])),
    }
    return show(request, "storing/store.html", context)


def chosen(request: HttpRequest) -> list[str]:
    """Lines as a checkout reads them, of the amounts that are not zero."""
    found = []
    for name, value in request.GET.items():
        sku_id, quantity = id_in(name.removeprefix("n")), id_in(str(value))
        if name.startswith("n") and sku_id and quantity and quantity <= MOST_OF_ONE:
            found.append(f"{sku_id}:{quantity}")
    return found


def map_of(store: StoreCard) -> str:
    """The place in the reader's own map; "" when nobody said where it is."""
    if store.latitude is None or store.longitude is None:
        return ""
    return f"https://www.openstreetmap.org/?mlat={store.latitude}&mlon={store.longitude}#map=18/{store.latitude}/{store.longitude}"
