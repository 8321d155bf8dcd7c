"""What people wrote about goods: notes, questions and experiences that name them, the newest first."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from quanzi.faces.storefront.community.drawing import note_of
from quanzi.faces.storefront.viewing import id_in, show, viewer_of
from quanzi.goods.catalogue.queries import product_page
from quanzi.growth.discovery.queries.feed import feed_page
from quanzi.kernel import clock

PAGE, SHORT = 20, 3
KINDS = ("all", "note", "question", "experience")


@require_safe
def posts(request: HttpRequest, slug: str) -> HttpResponse:
    """All that the reader may see, page by page."""
    product, only = product_page(slug), request.GET.get("only", "all")
    only = only if only in KINDS else "all"
    before = id_in(request.GET.get("before"))
    page = feed_page(
        viewer=viewer_of(request), product_id=product.id, only=only, before=before, limit=PAGE, now=clock.now()
    )
    here = reverse("storefront:product_posts", args=[slug])
    context: dict[str, Any] = {
        "product": product,
        "notes": [note_of(card) for card in page.cards],
        "tabs": _tabs(here, only),
        "next": f"{here}?{urlencode({'only': only, 'before': page.before})}" if page.before else None,
    }
    return show(request, "shopping/posts_about.html", context)


@require_safe
def posts_short(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest few notes and questions, as a piece that the page of the goods asks for once it stands."""
    product, me = product_page(slug), viewer_of(request)
    page = feed_page(viewer=me, product_id=product.id, only="talk", limit=SHORT, now=clock.now())
    context = {"product": product, "notes": [note_of(card) for card in page.cards]}
    response = render(request, "storefront/shopping/posts_about_short.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _tabs(here: str, only: str) -> list[tuple[str, str, bool]]:
    labels = {
        "all": gettext("All"), "note": gettext("Notes"), "question": gettext("Questions"), "experience": gettext("Experiences"),
    }  # fmt: skip
    return [(label, here if key == "all" else f"{here}?only={key}", key == only) for key, label in labels.items()]
