"""Where a pay link leads: what is to be paid, for whom, under which rules; then on to the ordinary checkout."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from quanzi.faces.storefront.shopping import drawing
from quanzi.faces.storefront.viewing import show, viewer_of
from quanzi.goods.catalogue.queries import first_pictures
from quanzi.kernel import clock
from quanzi.trade.stores.queries import link_card


@require_safe
def link(request: HttpRequest, code: str) -> HttpResponse:
    """For everybody who has the link; a typed amount for the one who typed it. While the store looks, the page asks again."""
    now = clock.now()
    found = link_card(code, viewer=viewer_of(request), now=now)
    context: dict[str, Any] = {
        "asked": found,
        "is_asked": found.state == "asked" and now < found.expires_at,
        "is_declined": found.state == "declined",
        "picture": first_pictures([found.product_id]).get(found.product_id),
        "promise": drawing.promise_of(found.return_rule, found.claim_hours, found.return_days),
        "checkout": f"{reverse('storefront:checkout')}?link={found.code}",
    }
    response = show(request, "storing/link.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
