"""Goods: products with their stock and lots, and the acts that need no form of their own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from quanzi.faces.console.doors import WRITE, door, operator_of
from quanzi.faces.console.drawing.relation import with_query
from quanzi.faces.console.parsing import Sent, key_in, problems_of
from quanzi.faces.console.reading.actors import actor_names
from quanzi.faces.console.reading.goods import LOT_GROUPS, Short, goods_rows, lot_rows, product_by_id, standing_of
from quanzi.faces.console.viewing import attempt, show
from quanzi.faces.storefront.community.films import drawn_of
from quanzi.faces.storefront.forms import film_limits
from quanzi.goods.catalogue import services as catalogue
from quanzi.goods.catalogue.models import Product, ProductState, ReturnRule, StorageCondition
from quanzi.goods.catalogue.queries import film_of_goods, price_history, product_page_by_id
from quanzi.goods.stock.queries import levels, lots, movements, promises
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.kernel.ids import new_token
from quanzi.trade.sales.queries import product_counts

PAGE = 50
HISTORY = 12
STATES = {
    "": gettext_lazy("All"),
    **{str(state.value): state.label for state in ProductState},
    "empty": gettext_lazy("Sold out"),
    "low": gettext_lazy("Few left"),
}
MOVEMENTS = {
    "received": gettext_lazy("Received"),
    "sold": gettext_lazy("Handed over"),
    "returned": gettext_lazy("Came back"),
    "scrapped": gettext_lazy("Scrapped"),
    "counted": gettext_lazy("Counted"),
}
PROMISERS = {
    "round": gettext_lazy("Round"),
    "preorder": gettext_lazy("Preorder"),
    "purchase": gettext_lazy("Purchase"),
}
LOTS = {
    "here": gettext_lazy("On the shelf"),
    "ending": gettext_lazy("Expired or ending"),
    "paused": gettext_lazy("Paused"),
    "recalled": gettext_lazy("Recalled"),
    "all": gettext_lazy("All"),
}


def product_or_404(product_id: int) -> Product:
    found = product_by_id(product_id)
    if found is None:
        raise NotFound()
    return found


@door("goods.edit")
def goods(request: HttpRequest) -> HttpResponse:
    """Products, newest first."""
    state = request.GET.get("show", "")
    state = state if state in STATES else ""
    words = request.GET.get("words", "").replace("\x00", "").strip()[:60]
    short: Short = "empty" if state == "empty" else "low" if state == "low" else ""
    rows = goods_rows(
        words=words,
        state="" if short else state,
        short=short,
        before_id=key_in(request.GET.get("before")),
        limit=PAGE + 1,
    )
    here = reverse("console:goods")
    context: dict[str, Any] = {
        "here": "goods",
        "crumbs": [(gettext("Trade"), None), (gettext("Goods"), None)],
        "words": words,
        "state": state,
        "state_name": STATES[state],
        "state_names": STATES,
        "chips": [(label, with_query(here, show=name, words=words), name == state) for name, label in STATES.items()],
        "rows": rows[:PAGE],
        "next": with_query(here, show=state, words=words, before=rows[PAGE - 1].card.id)
        if len(rows) > PAGE and not short
        else None,
    }
    return show(request, "goods.html", context)


@door("goods.edit")
def lots_page(request: HttpRequest) -> HttpResponse:
    """Lots of all goods."""
    now, group = clock.now(), request.GET.get("show", "here")
    group = group if group in LOT_GROUPS else "here"
    rows = lot_rows(group=group, before_id=key_in(request.GET.get("before")), limit=PAGE + 1, now=now)
    here = reverse("console:lots")
    context: dict[str, Any] = {
        "here": "goods",
        "crumbs": [(gettext("Goods"), reverse("console:goods")), (gettext("Lots"), None)],
        "now": now,
        "chips": [(label, with_query(here, show=name), name == group) for name, label in LOTS.items()],
        "group_name": LOTS[group],
        "rows": rows[:PAGE],
        "next": with_query(here, show=group, before=rows[PAGE - 1].id) if len(rows) > PAGE else None,
    }
    return show(request, "lots.html", context)


@door("goods.edit")
def product(request: HttpRequest, product_id: int) -> HttpResponse:
    """One product with its variants, stock, lots, prices and pictures."""
    return show_product(request, product_id)


def show_product(
    request: HttpRequest,
    product_id: int,
    *,
    sent: Sent | None = None,
    problems: Sent | None = None,
    form: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of a product; after a refused form (`form`: its name) with what was typed and what was wrong."""
    now = clock.now()
    page = product_page_by_id(product_id, for_staff=True)
    stock = levels([sku.id for sku in page.skus])
    context: dict[str, Any] = {
        "here": "goods",
        "crumbs": [(gettext("Goods"), reverse("console:goods")), (page.name, None)],
        "now": now,
        "page": page,
        "state_name": STATES[page.state],
        "rule_name": ReturnRule(page.return_rule).label,
        "kept": product_counts([product_id])[product_id],
        "skus": [_variant(sku, stock[sku.id]) for sku in page.skus],
        "lots": _lots(page, now),
        "movements": _movements(page),
        "promises": _promises(page),
        "storages": StorageCondition.choices,
        "sku_options": [(sku.id, sku.label or sku.code) for sku in page.skus],
        "lot_options": [(lot.id, lot.code) for lot in page.lots if lot.recalled_at is None],
        "today": clock.today(now),
        "film": drawn_of(film) if (film := film_of_goods(product_id)) is not None else None,
        "film_limits": film_limits(),
        "key": (sent or Sent())["key"] or new_token(),
        "form": form,
        "sent": sent or Sent(),
        "problems": problems or Sent(),
    }
    return show(request, "product.html", context, status=status)


def _variant(sku: Any, level: Any) -> dict[str, Any]:
    history = price_history(sku.id, limit=HISTORY)
    names = actor_names(point.actor for point in history)
    return {"sku": sku, "stock": level, "history": [{"point": point, "who": names[point.actor]} for point in history]}


def _lots(page: Any, now: Any) -> list[dict[str, Any]]:
    found = []
    for sku in page.skus:
        for lot in lots(sku.id, now=now):
            found.append({"lot": lot, "sku": sku.label or sku.code,
            "standing": standing_of(lot.expires_at, lot.recalled_at, now, paused_at=lot.paused_at),
                          "storage": StorageCondition(lot.storage).label})  # fmt: skip
    return sorted(found, key=lambda one: -one["lot"].id)


def _promises(page: Any) -> list[dict[str, Any]]:
    """What has been promised of these goods and has not come, with who promised it in words."""
    names = {sku.id: sku.label or sku.code for sku in page.skus}
    return [
        {"row": row, "sku": names[row.sku_id], "who": _promiser(row.source)} for row in promises(sku_ids=list(names))
    ]


def _promiser(source: str) -> str:
    kind, _, number = source.partition(":")
    return f"{PROMISERS[kind]} {number}" if kind in PROMISERS else source


def _movements(page: Any) -> list[dict[str, Any]]:
    rows = [(sku, row) for sku in page.skus for row in movements(sku.id, limit=HISTORY)]
    rows.sort(key=lambda pair: -pair[1].id)
    names = actor_names(row.actor for _, row in rows)
    return [
        {"row": row, "sku": sku.label or sku.code, "kind": MOVEMENTS.get(row.kind, row.kind), "who": names[row.actor]}
        for sku, row in rows[:HISTORY]
    ]


def changed(request: HttpRequest, found: Product, form: str, act: Any, *, said: str, part: str = "") -> HttpResponse:
    """Do one change of a product and come back to `part` of its page; a refusal shows beside its fields."""
    try:
        with transaction.atomic():
            act()
    except DomainError as refused:
        sent = Sent(request.POST.dict())
        return show_product(
            request, found.pk, sent=sent, problems=problems_of(refused), form=form, status=refused.status
        )
    messages.success(request, said)
    return redirect(reverse("console:product", args=[found.pk]) + (f"#{part}" if part else ""))


@door("goods.edit", WRITE)
def publish(request: HttpRequest, product_id: int) -> HttpResponse:
    """Put on sale, or pause."""
    found, actor, now = product_or_404(product_id), f"staff:{operator_of(request).pk}", clock.now()
    on_sale = request.POST.get("to") == ProductState.ON_SALE
    act = catalogue.publish if on_sale else catalogue.pause
    said = (
        gettext("On sale. Members see it now.")
        if on_sale
        else gettext("Paused. Members still see it and cannot order it.")
    )
    return attempt(
        request,
        lambda: act(product=found, actor=actor, now=now),
        said=said,
        back=reverse("console:product", args=[found.pk]),
        now=now,
    )
