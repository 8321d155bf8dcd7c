"""Numbered pieces: opening an edition, and which number stands where."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.faces.console.doors import FORM, door, operator_of
from quanzi.faces.console.parsing import Reader, Sent, problems_of
from quanzi.faces.console.viewing import show
from quanzi.goods.catalogue.models import Sku
from quanzi.goods.catalogue.rules import variant_title
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError
from quanzi.trade.launches import queries, services
from quanzi.trade.launches.models import PieceState


@door("orders.view")
def edition(request: HttpRequest, edition_id: int) -> HttpResponse:
    """One edition: each number, its order, its certificate (where care and repair are written)."""
    page = queries.edition_page(code=queries.edition_code(edition_id), viewer=None)
    context: dict[str, Any] = {
        "here": "launches",
        "crumbs": [(gettext("Launches and brand days"), reverse("console:launches")), (page.edition.title, None)],
        "edition": page.edition,
        "pieces": queries.pieces_of(edition_id=edition_id),
        "states": dict(PieceState.choices),
    }
    return show(request, "edition.html", context)


@door("goods.edit", FORM)
def new_edition(request: HttpRequest) -> HttpResponse:
    """Number the pieces of a draft."""
    if request.method != "POST":
        return _show_form(request, Sent(may_choose="on"), None)
    reader = Reader(request.POST)
    try:
        sku = reader.row("sku", lambda key: Sku.objects.filter(pk=key).first(), needed=True)
        terms: dict[str, Any] = {
            "size": reader.whole("size", least=1, most=500),
            "story": reader.text("story", most=2_000, needed=False),
            "may_choose": reader.ticked("may_choose"),
        }
        reader.check()
        assert sku is not None
        made = services.open_edition(sku_id=sku.pk, actor=operator_of(request), now=clock.now(), **terms)
    except DomainError as refusal:
        return _show_form(request, Sent(request.POST.dict()), refusal)
    messages.success(request, gettext("The pieces are numbered. They are sold one by one from now on."))
    return redirect("console:edition", edition_id=made.pk)


def _show_form(request: HttpRequest, sent: Sent, refusal: DomainError | None) -> HttpResponse:
    drafts = Sku.objects.filter(product__state="draft").select_related("product").order_by("product__name", "position")
    context = {
        "here": "launches",
        "crumbs": [(gettext("Launches and brand days"), reverse("console:launches")), (gettext("New edition"), None)],
        "skus": [(sku.pk, variant_title(sku.product.name, sku.options)) for sku in drafts[:500]],
        "sent": sent,
        "problems": problems_of(refusal),
    }
    return show(request, "edition_form.html", context, status=refusal.status if refusal else 200)
