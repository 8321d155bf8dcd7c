"""The page of a product, and the facts behind its two numbers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from quanzi.faces.storefront.shopping import drawing
from quanzi.faces.storefront.shopping.product_page import Told, View, product_view
from quanzi.faces.storefront.telling.head import head_of_product
from quanzi.faces.storefront.viewing import id_in, show, show_to_all, viewer_of
from quanzi.goods.catalogue.queries import product_page
from quanzi.growth.discovery.queries.editions import product_edition
from quanzi.kernel import clock
from quanzi.trade.aftersales.queries import open_of_product
from quanzi.trade.sales.queries import evidence as evidence_of
from quanzi.trade.sales.queries import product_counts

EVIDENCE_PAGE = 50


@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """What is it, who that I know kept it, what does it cost and why, when and where, what if it is bad, this lot, experiences."""
    now = clock.now()
    return show_to_all(
        request,
        "shopping/product.html",
        edition=lambda: product_edition(slug=slug, now=now),
        context=lambda: _product(request, slug, now),
    )


def _product(request: HttpRequest, slug: str, now: datetime) -> dict[str, Any]:
    view = product_view(
        slug,
        viewer=viewer_of(request),
        sku_id=id_in(request.GET.get("sku")),
        only=request.GET.get("only"),
        before=id_in(request.GET.get("before")),
        now=now,
    )
    here = reverse("storefront:product", args=[slug])
    context: dict[str, Any] = {
        "view": view,
        "build_up": _build_up(view),
        "teams": drawing.deal_rows_of(view.teams, viewer=viewer_of(request)),
        "choices": [(sku.label or sku.code, f"{here}?sku={sku.id}", sku == view.sku) for sku in view.product.skus],
        "path": _path(view),
        "others": drawing.names_of(view.proof.others),
        "told": [drawing.told_of(row, view.told.ties.get(row.member_id)) for row in view.told.rows],
        "filters": _filters(view, here),
        "window": drawing.duration(view.offer.window_minutes) if view.offer else "",
        "promise": drawing.promise_of(view.product.return_rule, view.product.claim_hours, view.product.return_days),
        "open_claims": open_of_product(view.product.id),
        "lot_facts": drawing.lot_facts(view.lot, now),
        "next": f"{here}?{urlencode({'only': view.told.only, 'before': view.told.before})}#told"
        if view.told.before
        else None,
    }
    context["head"] = head_of_product(request, view, is_public=viewer_of(request) is None)
    return context


@require_safe
def evidence(request: HttpRequest, slug: str) -> HttpResponse:
    """The order lines behind "kept" and "returned", without the people."""
    found = product_page(slug)
    rows = evidence_of(found.id, before_id=id_in(request.GET.get("before")), limit=EVIDENCE_PAGE)
    here = reverse("storefront:evidence", args=[slug])
    context = {
        "product": found,
        "count": product_counts([found.id])[found.id],
        "rows": rows,
        "next": f"{here}?before={rows[-1].line_id}" if len(rows) == EVIDENCE_PAGE else None,
    }
    return show(request, "shopping/evidence.html", context)


def _build_up(view: View) -> list[drawing.Row]:
    if view.prices is None or view.sku is None:
        return []
    size = view.offer.team_size if view.offer else 0
    prices = view.prices
    return drawing.build_up_of(prices.alone, prices.together, currency=view.sku.price.currency, team_size=size)


def _path(view: View) -> dict[str, Any] | None:
    """People and edges from the reader to the goods; the last edge says that the last person kept them."""
    steps = view.proof.path
    if len(steps) < 2 or not view.product.pictures:
        return None
    return {
        "people": steps,
        "edges": [step.word for step in steps[1:]] + [gettext("kept")],
        "pic": view.product.pictures[0],
    }


def _filters(view: View, here: str) -> list[tuple[str, str, bool]]:
    told: Told = view.told
    counts = {
        "all": view.stars.experiences,
        "known": told.known,
        "pictures": view.stars.with_pictures,
        "low": view.stars.low,
    }
    labels = {
        "known": gettext("People I know"),
        "all": gettext("All"),
        "pictures": gettext("With pictures"),
        "low": gettext("Three stars or fewer"),
    }
    return [
        (f"{labels[key]} {counts[key]}", f"{here}?only={key}#told", key == told.only)
        for key in labels
        if counts[key] or key == "all"
    ]
