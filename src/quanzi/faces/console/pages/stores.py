"""Stores: which there are, opening one at a pickup point, and the codes for its tables."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext

from quanzi.base import printing
from quanzi.base.printing import CodeSheet, QrCard
from quanzi.base.shop.identity import current
from quanzi.faces.console.doors import FORM, door, operator_of
from quanzi.faces.console.pages.papers import pdf
from quanzi.faces.console.parsing import Reader, Sent, problems_of
from quanzi.faces.console.viewing import show
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError
from quanzi.trade.sales.models import PickupPoint
from quanzi.trade.stores import queries, services

MOST_SPOTS = 60


@door("shop.edit", FORM)
def stores(request: HttpRequest) -> HttpResponse:
    """Every store, and a pickup point that becomes one."""
    sent, refused = Sent(request.POST.dict()), None
    if request.method == "POST":
        reader = Reader(sent)
        try:
            point = reader.row("point", lambda key: _free().filter(pk=key).first(), needed=True)
            about, phone = reader.text("about", most=300, needed=False), reader.text("phone", most=20, needed=False)
            reader.check()
            assert point is not None
            services.open_store(
                point=point, about=about, phone=phone, takes_amounts=reader.ticked("takes_amounts"),
                actor=f"staff:{operator_of(request).pk}", now=clock.now(),
            )  # fmt: skip
            return redirect("console:stores")
        except DomainError as error:
            refused = error
    context: dict[str, Any] = {
        "here": "places",
        "crumbs": [(gettext("Shelves and stations"), reverse("console:places")), (gettext("Stores"), None)],
        "rows": queries.stores_kept(operator_of(request)),
        "points": [(point.pk, f"{point.name} · {point.address}") for point in _free()],
        "sent": sent,
        "problems": problems_of(refused),
    }
    return show(request, "stores.html", context, status=refused.status if refused else 200)


def _free() -> Any:
    return PickupPoint.objects.filter(is_open=True, store=None).order_by("name", "pk")


@door("shop.edit")
def codes(request: HttpRequest, store_code: str) -> HttpResponse:
    """A sheet of codes: the counter's, and one for each table that the address names (?spots=12)."""
    found = queries.store_by_code(store_code)
    reader = Reader(request.GET)
    count = reader.whole("spots", most=MOST_SPOTS, otherwise=0)
    reader.check()
    translation.activate(current().language)
    page = request.build_absolute_uri(reverse("storefront:store", args=[found.code]))
    names = [gettext("Table %(n)d") % {"n": number} for number in range(1, count + 1)]
    cards = [QrCard(page, found.name, gettext("Order at the counter"))]
    cards += [QrCard(f"{page}?{urlencode({'spot': name})}", name, found.name) for name in names]
    return pdf(printing.code_sheet(CodeSheet("", tuple(cards)), now=clock.now()), f"{found.code}.pdf")
