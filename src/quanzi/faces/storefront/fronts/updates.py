"""News of one's own page: whom they would reach, as counts; the form; what went out, and how it was met."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from quanzi.faces.storefront.forms import problems
from quanzi.faces.storefront.fronts.arranging import address, kept_centre
from quanzi.faces.storefront.fronts.report import said
from quanzi.faces.storefront.viewing import id_in, members_only, show
from quanzi.goods.catalogue.models import Product
from quanzi.growth.fronts import updating
from quanzi.growth.fronts.errors import NotToSend
from quanzi.growth.fronts.queries.updates import news_of, reach_of
from quanzi.growth.fronts.rules import LEAST_PEOPLE, NEWS_A_WEEK, NEWS_LIMIT, goes_at
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.trade.deals.models import Team


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def updates(request: HttpRequest, kind: str, slug: str = "") -> HttpResponse:
    """Write to those who follow, and undo it while it waits."""
    me, mine = kept_centre(request, kind, slug)
    now, sent, refusal = clock.now(), request.POST, None
    if request.method == "POST":
        try:
            if sent.get("act") == "undo":
                updating.undo_update(member=me, centre=mine, update_id=id_in(sent.get("id")) or 0, now=now)
                messages.success(request, gettext("Undone. Nobody gets it."))
            else:
                words = sent.get("words", "")[: NEWS_LIMIT + 1]
                updating.write_update(member=me, centre=mine, words=words, now=now, **_named(sent.get("link", "")))
                messages.success(
                    request, gettext("It goes out in ten minutes, or in the morning. Until then you may undo it.")
                )
        except NotFound:
            raise
        except DomainError as refused:
            refusal = refused
        else:
            return redirect(address("news", mine))
    reach = reach_of(mine, sender_id=me.pk, now=now)
    told = reach.shown
    context: dict[str, Any] = {
        "centre": mine,
        "here": "circles" if mine.kind == "c" else "me",
        "reach": (said(told.at_once), said(told.later), said(told.never)) if told is not None else None,
        "nobody": not reach.of,
        "goes_at": goes_at(now),
        "rows": [(one, said(one.got), said(one.opened), said(one.welcome), said(one.refused)) for one in news_of(mine, now=now)],
        "words": sent.get("words", "") if refusal else "",
        "sent_link": sent.get("link", "") if refusal else "",
        "longest": NEWS_LIMIT,
        "weekly": NEWS_A_WEEK,
        "least": LEAST_PEOPLE,
        "problems": problems(refusal),
    }  # fmt: skip
    return show(request, "fronts/updates.html", context, status=refusal.status if refusal else 200)


def _named(link: str) -> dict[str, int]:
    """Goods, a note or a team, by its address in this shop; none for an empty one. Raises NotToSend."""
    if not link.strip():
        return {}
    try:
        found = resolve(urlsplit(link.strip()[:300]).path or "/")
    except (Resolver404, ValueError) as nothing:
        raise NotToSend(field="link") from nothing
    key = found.kwargs
    if found.url_name == "post":
        return {"post_id": key["post_id"]}
    of = {
        "product": ("product_id", Product.objects.filter(slug=key.get("slug", ""))),
        "team": ("team_id", Team.objects.filter(code=key.get("code", ""))),
    }
    name, rows = of.get(found.url_name or "", ("", Product.objects.none()))
    row = rows.first()
    if row is None:
        raise NotToSend(field="link")
    return {name: row.pk}
