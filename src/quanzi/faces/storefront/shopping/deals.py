"""Group deals: teams that lack somebody, deals that take new teams, and my own."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from quanzi.faces.storefront.shopping.drawing import deal_row_of, either, title_of
from quanzi.faces.storefront.viewing import id_in, show, viewer_of
from quanzi.growth.discovery.queries import proof_lines
from quanzi.kernel import clock
from quanzi.trade.deals.queries import DealOffer, my_teams, open_deals, open_teams

PAGE = 20


@require_safe
def deals(request: HttpRequest) -> HttpResponse:
    """My teams first, then teams with a free seat, then what a team can be opened for."""
    me, now = viewer_of(request), clock.now()
    before = id_in(request.GET.get("before"))
    offers = open_deals(viewer=me, before=before, limit=PAGE, now=now)
    proof = proof_lines(viewer_id=me.pk if me else None, product_ids={one.product_id for one in offers}, now=now)
    is_first = before is None
    context = {
        "mine": [deal_row_of(team) for team in my_teams(member=me, limit=5, now=now)] if me and is_first else [],
        "teams": [deal_row_of(team) for team in open_teams(viewer=me, limit=PAGE, now=now)] if is_first else [],
        "offers": [_card(offer, proof[offer.product_id].kept, proof[offer.product_id].returned) for offer in offers],
        "next": f"{reverse('storefront:deals')}?before={offers[-1].id}" if len(offers) == PAGE else None,
    }
    return show(request, "shopping/deals.html", context)


def _card(offer: DealOffer, kept: int, returned: int) -> dict[str, Any]:
    """A deal on the shelf: the price together beside the price alone, and what became of the goods so far."""
    return {
        "href": reverse("storefront:product", args=[offer.product_slug]) + f"?sku={offer.sku_id}",
        "title": title_of(offer),
        "second": gettext("%(n)d people · %(why)s")
        % {"n": offer.team_size, "why": either(offer.reason_zh, offer.reason_en)},
        "pic": offer.picture,
        "price": offer.single_price,
        "team_price": offer.price,
        "kept": kept,
        "returned": returned,
    }
