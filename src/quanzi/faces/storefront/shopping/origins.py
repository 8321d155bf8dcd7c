"""Where goods come from: regions with their goods, and the papers of one product."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from quanzi.faces.storefront.shopping.discover import shelf_of
from quanzi.faces.storefront.viewing import show, viewer_of
from quanzi.goods.catalogue.queries import product_cards, product_page
from quanzi.goods.supply.queries.papers import import_facts, papers_of, products_from, regions
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound


@require_safe
def origins(request: HttpRequest) -> HttpResponse:
    """Every region that something on sale comes from."""
    return show(request, "shopping/origins.html", {"regions": regions()})


@require_safe
def region(request: HttpRequest, place: str) -> HttpResponse:
    """Goods of one region."""
    ids = products_from(place[:80])
    if not ids:
        raise NotFound
    goods = shelf_of(product_cards(ids=ids, limit=len(ids)), viewer_of(request), clock.now())
    return show(request, "shopping/region.html", {"place": place, "goods": goods})


@require_safe
def papers(request: HttpRequest, slug: str) -> HttpResponse:
    """Origin, import and documents of one product, as they are filed."""
    found = product_page(slug)
    facts = import_facts(found.id)
    dearest = max((sku.price.minor for sku in found.skus), default=0)
    context = {
        "product": found,
        "facts": facts,
        "duty_minor": dearest * facts.duty_bp // (10_000 + facts.duty_bp) if facts else 0,
        "papers": papers_of(found.id, today=clock.today(clock.now())),
    }
    return show(request, "shopping/papers.html", context)
