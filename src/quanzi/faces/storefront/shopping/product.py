"""The page of a product, and the facts behind its two numbers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from quanzi.faces.storefront.community.films import drawn_of_goods
from quanzi.faces.storefront.shopping import drawing
from quanzi.faces.storefront.shopping.product_page import EXPERIENCES, Variant, View, product_view
from quanzi.faces.storefront.shopping.proving import path_of
from quanzi.faces.storefront.telling.head import head_of_product
from quanzi.faces.storefront.viewing import Reader, id_in, show, show_kept
from quanzi.faces.ui.places import Fills, macro
from quanzi.goods.catalogue.queries import product_page
from quanzi.goods.pricing.building import shown
from quanzi.growth.discovery.queries import Known
from quanzi.growth.discovery.queries.editions import product_edition
from quanzi.growth.discovery.queries.own import OwnProduct, own_product
from quanzi.kernel import clock
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.trade.aftersales.queries import open_of_product
from quanzi.trade.launches.queries import day_of_sku
from quanzi.trade.preorders.queries import for_product
from quanzi.trade.sales.queries import evidence as evidence_of
from quanzi.trade.sales.queries import product_counts
from quanzi.trade.stations.queries import RoundWay, ways_to

EVIDENCE_PAGE = 50
OWN, ROUND = "storefront/shopping/own.html", "storefront/shopping/round.html"


@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """What is it, who that I know kept it, what does it cost and why, when and where, what if it is bad, this lot, experiences."""
    now = clock.now()
    only, before = request.GET.get("only"), id_in(request.GET.get("before"))
    return show_kept(
        request,
        "shopping/product.html",
        edition=lambda: product_edition(slug=slug, now=now),
        own=lambda me: own_product(slug=slug, viewer_id=me.pk, only=only, before=before, limit=EXPERIENCES, now=now),
        context=lambda reader: _product(request, slug, reader, now),
        fills=lambda me, own: _fills(slug, own),
    )


def _product(request: HttpRequest, slug: str, reader: Reader, now: datetime) -> dict[str, Any]:
    view = product_view(
        slug,
        viewer=reader.member,
        circle_ids=reader.circle_ids,
        sku_id=id_in(request.GET.get("sku")),
        only=request.GET.get("only"),
        before=id_in(request.GET.get("before")),
        now=now,
    )
    told = view.told
    here = reverse("storefront:product", args=[slug])
    context: dict[str, Any] = {
        "view": view,
        "film": drawn_of_goods(view.product.id) if view.rare.film else None,
        "build_up": _build_up(view),
        "preorder": for_product(product_id=view.product.id, now=now) if view.rare.batch else None,
        "day": day_of_sku(sku_id=view.sku.id, now=now) if view.rare.day and view.prices and view.sku else None,
        "round": _round(view, reader.member, now),
        "made": made_rows(view),
        "ladder": drawing.ladder_of(view.offer) if view.offer else [],
        "teams": drawing.deal_rows_of(view.teams, viewer=reader.member),
        "choices": [(_label(one), f"{here}?sku={one.sku.id}", one == view.chosen) for one in view.variants],
        "path": path_of(view.proof, view.product.pictures[0] if view.product.pictures else None),
        "others": drawing.names_of(view.proof.others),
        "told": [drawing.told_of(row, told.ties.get(row.member_id), told.solved.get(row.post_id)) for row in told.rows],
        "filters": _filters(
            told.only, told.known, view.stars.experiences, view.stars.with_pictures, view.stars.low, here
        ),
        "window": drawing.duration(view.offer.window_minutes) if view.offer else "",
        "promise": drawing.promise_of(view.product.return_rule, view.product.claim_hours, view.product.return_days),
        "open_claims": open_of_product(view.product.id),
        "lot_facts": drawing.lot_facts(view.lot, now),
        "next": _next(here, told.only, told.before),
    }
    context["head"] = head_of_product(request, view, is_public=reader.member is None)
    return context


def _label(variant: Variant) -> str:
    name = variant.sku.label or variant.sku.code
    return name if variant.free > 0 else gettext("%(variant)s, sold out") % {"variant": name}


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


def _round(view: View, me: Member | None, now: datetime) -> RoundWay | None:
    """The round in which these goods can be had: for a member the nearest, for a visitor the cheapest."""
    skus = [sku.id for sku in view.product.skus if sku.is_active]
    return next(iter(ways_to(sku_ids=skus, member_id=me.pk if me is not None else None, limit=1, now=now)), None)


def made_rows(view: View) -> list[drawing.Row]:
    """How the price on the button is made, where the merchant shows it."""
    if not view.rare.build_up or view.prices is None or view.sku is None:
        return []
    made = shown([view.sku.id]).get(view.sku.id)
    line = view.prices.together or view.prices.alone
    return drawing.made_of(made, Money(line.total_minor, view.sku.price.currency)) if made is not None else []


def _build_up(view: View) -> list[drawing.Row]:
    if view.prices is None or view.sku is None:
        return []
    size = view.offer.team_size if view.offer else 0
    prices = view.prices
    return drawing.build_up_of(prices.alone, prices.together, currency=view.sku.price.currency, team_size=size)


def _fills(slug: str, own: OwnProduct) -> Fills:
    """What a member has on the page: who of their people kept it, and what those told."""
    here, known, told = reverse("storefront:product", args=[slug]), own.known, own.told
    path = path_of(known, own.picture)
    found = {
        "known": macro(OWN, "known")(known, path, drawing.names_of(known.others), slug, is_member=True),
        "round": macro(ROUND, "way")(own.round),
    }
    if told.by_known or told.ties:
        rows = [drawing.told_of(row, told.ties.get(row.member_id), told.solved.get(row.post_id)) for row in told.rows]
        filters = _filters(told.only, told.by_known, told.experiences, told.with_pictures, told.low, here)
        before = told.rows[-1].post_id if len(told.rows) == EXPERIENCES else None
        found["told"] = macro(OWN, "told")(
            rows, filters, _next(here, told.only, before), slug, told.experiences, told.only
        )
    return found


def _next(here: str, only: str, before: int | None) -> str | None:
    return f"{here}?{urlencode({'only': only, 'before': before})}#told" if before else None


def _path(known: Known, picture: Any) -> dict[str, Any] | None:
    """People and edges from the reader to the goods; the last edge says that the last person kept them."""
    if len(known.path) < 2 or picture is None:
        return None
    return {
        "people": known.path,
        "edges": [step.word for step in known.path[1:]] + [gettext("kept")],
        "pic": picture,
    }


def _filters(
    only: str, by_known: int, experiences: int, with_pictures: int, low: int, here: str
) -> list[tuple[str, str, bool]]:
    counts = {"known": by_known, "all": experiences, "pictures": with_pictures, "low": low}
    labels = {
        "known": gettext("People I know"),
        "all": gettext("All"),
        "pictures": gettext("With pictures"),
        "low": gettext("Three stars or fewer"),
    }
    return [
        (f"{labels[key]} {counts[key]}", f"{here}?only={key}#told", key == only)
        for key in labels
        if counts[key] or key == "all"
    ]
