"""Ways in on paper: parcel cards for goods sold elsewhere, pay links, and the poster of any source."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, gettext_lazy

from quanzi.base.shop.identity import current
from quanzi.faces.console.doors import FORM, WRITE, door, operator_of
from quanzi.faces.console.drawing.columns import name_of
from quanzi.faces.console.pages.source import source_or_404
from quanzi.faces.console.parsing import Reader, Sent, problems_of
from quanzi.faces.console.reading.sources import sources_of_kind
from quanzi.faces.console.viewing import attempt, show
from quanzi.goods.catalogue.models import ProductState, ReturnRule, Sku
from quanzi.goods.catalogue.rules import variant_title
from quanzi.growth.sources import services
from quanzi.growth.sources.models import Source, SourceKind
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.kernel.ids import new_token
from quanzi.kernel.money import Money
from quanzi.trade.sales.rules import MOST_OF_ONE
from quanzi.trade.stores import services as stores
from quanzi.trade.stores.models import PayLink
from quanzi.trade.stores.queries import link_card, links_made
from quanzi.trade.stores.rules import LONGEST_LIFE, MOST_USES

PLATFORMS = {
    "taobao": gettext_lazy("Taobao"), "tmall": gettext_lazy("Tmall"), "jd": gettext_lazy("JD"), "pdd": gettext_lazy("Pinduoduo"),
    "douyin": gettext_lazy("Douyin"), "red": gettext_lazy("Xiaohongshu"), "other": gettext_lazy("Another place"),
}  # fmt: skip
CARDS_ON_A_SHEET = 8
LONGEST = 60


@door("sources.edit", FORM)
def new_card(request: HttpRequest) -> HttpResponse:
    """Parcel cards so far, and a new one: a source of its own for each platform and batch."""
    sent, refused = Sent(request.POST.dict()), None
    if request.method == "POST":
        reader = Reader(sent)
        try:
            platform, name = reader.choice("platform", PLATFORMS), reader.text("name", most=50)
            reader.check()
            made = services.create_source(
                kind=SourceKind.PARCEL, name=f"{PLATFORMS[platform]} · {name}", target="/", actor=operator_of(request), now=clock.now()
            )  # fmt: skip
            return redirect("console:card", source_id=made.pk)
        except DomainError as error:
            refused = error
    context: dict[str, Any] = {
        "here": "sources",
        "crumbs": [(gettext("Relation ledger"), reverse("console:sources")), (gettext("Parcel cards"), None)],
        "rows": sources_of_kind(SourceKind.PARCEL),
        "platforms": list(PLATFORMS.items()),
        "sent": sent,
        "problems": problems_of(refused),
    }
    return show(request, "cards.html", context, status=refused.status if refused else 200)


@door("sources.edit", FORM)
def new_pay_link(request: HttpRequest) -> HttpResponse:
    """Pay links so far, and a new one: goods and a number, paid for in the ordinary checkout."""
    sent, refused = Sent(request.POST.dict() if request.method == "POST" else {"quantity": "1"}), None
    if request.method == "POST":
        reader = Reader(sent)
        try:
            with transaction.atomic():
                link = _make_link(request, reader)
                card = link_card(link.code, viewer=None, now=clock.now())
                title = card.title + (f" × {card.quantity}" if card.quantity > 1 else "")
                made = services.create_source(
                    kind=SourceKind.PAY, name=(sent["name"] or title)[:80], target=reverse("storefront:pay_link", args=[link.code]),
                    actor=operator_of(request), now=clock.now(),
                )  # fmt: skip
            messages.success(request, gettext("The link stands. Send it, or print its code."))
            return redirect("console:source", source_id=made.pk)
        except DomainError as error:
            refused = error
    context: dict[str, Any] = {
        "here": "sources",
        "crumbs": [(gettext("Relation ledger"), reverse("console:sources")), (gettext("Pay links"), None)],
        "rows": sources_of_kind(SourceKind.PAY),
        "links": links_made(by=None, now=clock.now(), limit=30),
        "skus": [(sku.pk, variant_title(sku.product.name, sku.options)) for sku in _on_sale()[:300]],
        "return_rules": list(ReturnRule.choices),
        "key": new_token(),
        "sent": sent,
        "problems": problems_of(refused),
    }
    return show(request, "pay_links.html", context, status=refused.status if refused else 200)


def _make_link(request: HttpRequest, reader: Reader) -> PayLink:
    """Goods at the price of the day that they are paid, or an amount in words; so many times, so many days."""
    terms: dict[str, Any] = {
        "uses": reader.whole("uses", least=1, most=MOST_USES, otherwise=1),
        "lives": timedelta(days=reader.whole("days", least=1, most=LONGEST_LIFE.days, otherwise=30)),
        "by": operator_of(request), "idempotency_key": reader.text("key", most=60), "now": clock.now(),
    }  # fmt: skip
    if reader.text("what", most=60, needed=False):
        amount, rule = reader.amount("amount"), reader.choice("return_rule", ReturnRule.values)
        reader.check()
        return stores.link_amount(what=reader.sent["what"], amount_minor=amount, return_rule=rule, **terms)
    sku = reader.row("sku", lambda key: _on_sale().filter(pk=key).first(), needed=True)
    quantity = reader.whole("quantity", least=1, most=MOST_OF_ONE, otherwise=1)
    reader.check()
    assert sku is not None
    return stores.link_goods(sku_id=sku.pk, quantity=quantity, **terms)


@door("sources.edit", WRITE)
def end_pay_link(request: HttpRequest, link_id: int) -> HttpResponse:
    """Nobody orders through it any more."""
    me, now = operator_of(request), clock.now()
    return attempt(
        request, lambda: stores.close_link(link_id=link_id, by=me, now=now), said=gettext("The link is closed."),
        back=reverse("console:pay_links"), now=now,
    )  # fmt: skip


def _on_sale() -> Any:
    rows = Sku.objects.select_related("product").filter(is_active=True, product__state=ProductState.ON_SALE)
    return rows.order_by("product__name", "pk")


@door("sources.view")
def card(request: HttpRequest, source_id: int) -> HttpResponse:
    """A sheet of cards to cut; the words above it can be changed before printing."""
    found = source_or_404(source_id)
    translation.activate(current().language)  # paper is read by people of whom we know nothing yet
    words = {
        "headline": gettext("Thank you for choosing us"),
        "text": gettext("Scan to meet the people who make and keep these goods. Questions are answered there."),
    }
    said = {name: request.GET.get(name, usual).replace("\x00", "")[:LONGEST] for name, usual in words.items()}
    return _paper(request, "card.html", found, {**said, "copies": range(CARDS_ON_A_SHEET)})


@door("sources.view")
def poster(request: HttpRequest, source_id: int) -> HttpResponse:
    """One page with a large code, for a door, a counter or a lift."""
    found = source_or_404(source_id)
    translation.activate(current().language)
    headline = request.GET.get("headline", gettext("Scan to come in")).replace("\x00", "")[:LONGEST]
    return _paper(request, "poster.html", found, {"headline": headline, "goods": _goods_of(found)})


def _paper(request: HttpRequest, template: str, found: Source, context: dict[str, Any]) -> HttpResponse:
    page = {
        "source": found,
        "name": name_of(found.kind, found.name),
        "address": request.build_absolute_uri(reverse("sources:arrive", args=[found.token])),
        "back": reverse("console:source", args=[found.pk]),
        **context,
    }
    response = render(request, f"console/{template}", page)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _goods_of(found: Source) -> dict[str, Any] | None:
    """What a pay link is for, with the price of the day that it is printed."""
    what = found.target.removeprefix("/buy/").partition("?")[0] if found.kind == SourceKind.PAY else ""
    if found.target.startswith("/l/"):
        return _asked_by(found.target.removeprefix("/l/"))
    sku_id, _, quantity = what.partition("x")
    if not (sku_id.isdigit() and quantity.isdigit()):
        return None
    sku = _on_sale().filter(pk=int(sku_id)).first()
    if sku is None:
        return None
    return {
        "title": variant_title(sku.product.name, sku.options), "quantity": int(quantity),
        "total": Money(sku.price_minor * int(quantity), sku.currency), "on": clock.now(),
    }  # fmt: skip


def _asked_by(code: str) -> dict[str, Any] | None:
    """What a link asks for today; nothing when it is meant for one person."""
    try:
        card = link_card(code, viewer=None, now=clock.now())
    except NotFound:
        return None
    return {"title": card.title, "quantity": card.quantity, "total": card.total, "on": clock.now()}
