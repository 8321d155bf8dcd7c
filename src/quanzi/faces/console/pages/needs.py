"""What people want and the shop does not have, and the shop's answer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.faces.console.doors import WRITE, door, operator_of
from quanzi.faces.console.drawing.relation import with_query
from quanzi.faces.console.parsing import key_in
from quanzi.faces.console.viewing import attempt, show
from quanzi.goods.catalogue.queries import product_cards
from quanzi.growth.needs import services
from quanzi.growth.needs.models import NeedState
from quanzi.growth.needs.queries import board, need_row
from quanzi.growth.searching.queries import Asked, Reader, search
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound
from quanzi.trade.preorders.queries import open_cards

PAGE = 50


@door("goods.edit")
def needs(request: HttpRequest) -> HttpResponse:
    """The most wanted first."""
    state = request.GET.get("show", "open")
    state = state if state in NeedState.values else "open"
    here, page = reverse("console:needs"), key_in(request.GET.get("page")) or 1
    rows = board(states=[state], skip=(min(page, 100) - 1) * PAGE, limit=PAGE)
    context: dict[str, Any] = {
        "here": "goods",
        "crumbs": [(gettext("Goods"), reverse("console:goods")), (gettext("Wanted by members"), None)],
        "chips": [(one.label, with_query(here, show=one.value), one == state) for one in NeedState],
        "rows": rows,
        "next": with_query(here, show=state, page=page + 1) if len(rows) == PAGE else None,
    }
    return show(request, "needs.html", context)


@door("goods.edit")
def need(request: HttpRequest, need_id: int) -> HttpResponse:
    """One need with goods and preorders that may be it."""
    row = need_row(need_id)
    if row is None:
        raise NotFound()
    now = clock.now()
    alike = search(asked=Asked(words=row.what, kind="product"), reader=Reader(None), now=now).ids.get("product", [])[:8]
    newest = [card.id for card in product_cards(limit=12)]
    goods = product_cards(ids=[*dict.fromkeys([*alike, *newest])])
    context: dict[str, Any] = {
        "here": "goods",
        "crumbs": [(gettext("Wanted by members"), reverse("console:needs")), (row.what, None)],
        "row": row,
        "goods": [(str(card.id), card.name) for card in goods],
        "preorders": [(str(card.id), card.title) for card in open_cards(now=now)],
    }
    return show(request, "need.html", context)


@door("goods.edit", WRITE)
def answer(request: HttpRequest, need_id: int) -> HttpResponse:
    """We look for it, here it is, order it ahead, or no."""
    me, now, sent = operator_of(request), clock.now(), request.POST

    def act() -> None:
        services.answer(
            need_id=need_id, state=sent.get("state", ""), words=sent.get("words", "")[:300],
            product_id=key_in(sent.get("product_id")), preorder_id=key_in(sent.get("preorder_id")), actor=me, now=now,
        )  # fmt: skip

    back = reverse("console:need", kwargs={"need_id": need_id})
    return attempt(request, act, said=gettext("Everybody who wants it is told."), back=back, now=now)
