"""Forms of goods: the product itself, its variants and prices, lots, stock, pictures."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.base.films.errors import NotAFilm
from quanzi.base.media.models import Picture
from quanzi.base.media.services import store_picture
from quanzi.faces.console.doors import FORM, WRITE, door, operator_of
from quanzi.faces.console.pages.goods import changed, product_or_404
from quanzi.faces.console.parsing import Reader, Sent, problems_of
from quanzi.faces.console.viewing import attempt, show
from quanzi.faces.storefront.forms import film_of
from quanzi.goods.catalogue import services as catalogue
from quanzi.goods.catalogue.models import Category, Lot, Maker, Product, ProductFilm, ReturnRule, Sku, StorageCondition
from quanzi.goods.stock import services as stock
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound

MOST_PICTURES = 9


def _actor(request: HttpRequest) -> str:
    return f"staff:{operator_of(request).pk}"


def _read_product(reader: Reader) -> dict[str, Any]:
    return {
        "name": reader.text("name", most=80),
        "slug": reader.text("slug", most=80),
        "summary": reader.text("summary", most=200, needed=False),
        "story": reader.text("story", most=20_000, needed=False),
        "origin": reader.text("origin", most=80, needed=False),
        "maker": reader.row("maker", lambda key: Maker.objects.filter(pk=key).first()),
        "category": reader.row("category", lambda key: Category.objects.filter(pk=key).first()),
        "return_rule": reader.choice("return_rule", ReturnRule.values),
        "return_days": reader.whole("return_days", most=365),
        "claim_hours": reader.whole("claim_hours", most=720),
    }


def _show_form(request: HttpRequest, product: Product | None, sent: Sent, refused: DomainError | None) -> HttpResponse:
    context = {
        "here": "goods",
        "crumbs": [
            (gettext("Goods"), reverse("console:goods")),
            (product.name if product else gettext("New product"), None),
        ],
        "product": product,
        "makers": list(Maker.objects.order_by("name").values_list("pk", "name")),
        "categories": list(Category.objects.values_list("pk", "name")),
        "rules": ReturnRule.choices,
        "sent": sent,
        "problems": problems_of(refused),
    }
    return show(request, "product_form.html", context, status=refused.status if refused else 200)


@door("goods.edit", FORM)
def new_product(request: HttpRequest) -> HttpResponse:
    """A new product, as a draft."""
    usual = Sent({"return_rule": str(ReturnRule.SEVEN_DAYS), "return_days": "7", "claim_hours": "48"})
    if request.method != "POST":
        return _show_form(request, None, usual, None)
    reader = Reader(request.POST)
    try:
        values = _read_product(reader)
        reader.check()
        made = catalogue.create_product(**values, actor=_actor(request), now=clock.now())
    except DomainError as refused:
        return _show_form(request, None, Sent(request.POST.dict()), refused)
    messages.success(request, gettext("A draft. Add a variant and a picture, then put it on sale."))
    return redirect("console:product", product_id=made.pk)


@door("goods.edit", FORM)
def edit_product(request: HttpRequest, product_id: int) -> HttpResponse:
    """Change the words and rules of a product. Orders keep those they were placed with."""
    found = product_or_404(product_id)
    if request.method != "POST":
        return _show_form(request, found, _typed(found), None)
    reader = Reader(request.POST)
    try:
        values = _read_product(reader)
        reader.check()
        catalogue.update_product(product=found, actor=_actor(request), now=clock.now(), **values)
    except DomainError as refused:
        return _show_form(request, found, Sent(request.POST.dict()), refused)
    messages.success(request, gettext("Saved."))
    return redirect("console:product", product_id=found.pk)


def _typed(found: Product) -> Sent:
    names = ("name", "slug", "summary", "story", "origin", "return_rule", "return_days", "claim_hours")
    return Sent({name: str(getattr(found, name)) for name in names} | {
        "maker": str(found.maker_id or ""), "category": str(found.category_id or ""),
    })  # fmt: skip


@door("goods.edit", WRITE)
def add_sku(request: HttpRequest, product_id: int) -> HttpResponse:
    """A buyable variant with its price."""
    found, reader = product_or_404(product_id), Reader(request.POST)
    option = reader.text("option", most=40, needed=False)
    values: dict[str, Any] = {
        "code": reader.text("code", most=40),
        "price_minor": reader.amount("price_minor"),
        "cost_minor": reader.amount("cost_minor", otherwise=0),
        "weight_g": reader.whole("weight_g", most=10_000_000, otherwise=0),
        "unit_note": reader.text("unit_note", most=40, needed=False),
        "options": {"规格": option} if option else {},
    }

    def act() -> None:
        reader.check()
        catalogue.add_sku(product=found, actor=_actor(request), now=clock.now(), **values)

    return changed(
        request,
        found,
        "sku",
        act,
        said=gettext("The variant can be bought as soon as some of it is in stock."),
        part="skus",
    )


def _sku_of(found: Product, reader: Reader) -> Sku | None:
    return reader.row("sku", lambda key: Sku.objects.filter(pk=key, product=found).first(), needed=True)


@door("goods.edit", WRITE)
def change_price(request: HttpRequest, product_id: int) -> HttpResponse:
    """Another price from now on; placed orders keep theirs. Words on the unit price are typed anew: the old ones were of the old price."""
    found, reader = product_or_404(product_id), Reader(request.POST)
    sku, price = _sku_of(found, reader), reader.amount("price")
    note = reader.text("unit_note", most=40, needed=False)

    def act() -> None:
        reader.check()
        assert sku is not None
        now = clock.now()
        catalogue.change_price(sku=sku, price_minor=price, actor=_actor(request), now=now)
        if sku.unit_note != note and (note or price != sku.price_minor):
            catalogue.update_sku(sku=sku, unit_note=note, actor=_actor(request), now=now)

    return changed(request, found, "price", act, said=gettext("The new price holds from now on."), part="skus")


@door("goods.edit", WRITE)
def switch_sku(request: HttpRequest, product_id: int) -> HttpResponse:
    """Offer a variant, or take it off."""
    found, reader = product_or_404(product_id), Reader(request.POST)
    sku, is_active = _sku_of(found, reader), request.POST.get("to") == "on"

    def act() -> None:
        reader.check()
        assert sku is not None
        catalogue.update_sku(sku=sku, is_active=is_active, actor=_actor(request), now=clock.now())

    return changed(request, found, "switch", act, said=gettext("Saved."), part="skus")


@door("goods.edit", WRITE)
def add_lot(request: HttpRequest, product_id: int) -> HttpResponse:
    """Goods that were made together; how many there are is said when they are received."""
    found, reader = product_or_404(product_id), Reader(request.POST)
    sku = _sku_of(found, reader)
    values: dict[str, Any] = {
        "code": reader.text("code", most=40),
        "made_on": reader.day("made_on"),
        "expires_at": reader.end_of("expires_at"),
        "storage": reader.choice("storage", StorageCondition.values),
        "note": reader.text("note", most=200, needed=False),
    }

    def act() -> None:
        reader.check()
        assert sku is not None
        catalogue.add_lot(sku=sku, actor=_actor(request), now=clock.now(), **values)

    return changed(request, found, "lot", act, said=gettext("The lot stands. Receive its goods next."), part="lots")


@door("goods.edit", WRITE)
def move_stock(request: HttpRequest, product_id: int) -> HttpResponse:
    """Goods came in, broke, or were counted; or so many are few from now on. The same form twice counts once."""
    found, reader = product_or_404(product_id), Reader(request.POST)
    sku, quantity = _sku_of(found, reader), reader.whole("quantity", most=1_000_000)
    what = reader.choice("what", ["receive", "scrap", "count", "warn"])
    lot = reader.row("lot", lambda key: Lot.objects.filter(pk=key, sku__product=found).first())
    reason, key = reader.text("reason", most=100), reader.text("key", most=60)

    def act() -> None:
        reader.check()
        assert sku is not None
        if what == "warn":
            stock.warn_at(sku_id=sku.pk, low_at=quantity, actor=_actor(request), now=clock.now())
            return
        known: dict[str, Any] = {
            "sku_id": sku.pk,
            "key": f"console:{key}",
            "reason": reason,
            "actor": _actor(request),
            "now": clock.now(),
        }
        lot_id = lot.pk if lot is not None else None
        acts: dict[str, Callable[..., object]] = {
            "receive": partial(stock.receive, quantity=quantity, lot_id=lot_id),
            "scrap": partial(stock.scrap, quantity=quantity, lot_id=lot_id),
            "count": partial(stock.count, counted=quantity),
        }
        acts[what](**known)

    return changed(request, found, "stock", act, said=gettext("The shelf was written down."), part="stock")


@door("goods.edit", WRITE)
def add_pictures(request: HttpRequest, product_id: int) -> HttpResponse:
    """Pictures to show with the product, in the order they were chosen."""
    found, me, now = product_or_404(product_id), operator_of(request), clock.now()

    def act() -> None:
        for file in [one for one in request.FILES.getlist("pictures") if one.size][:MOST_PICTURES]:
            picture = store_picture(data=file.read(), purpose="product", owner_id=me.pk, alt=found.name, now=now)
            catalogue.add_picture(product=found, picture=picture, actor=_actor(request), now=now)

    return changed(
        request, found, "pictures", act, said=gettext("The pictures are shown with the product."), part="pictures"
    )


@door("goods.edit", WRITE)
def remove_picture(request: HttpRequest, product_id: int, picture_id: int) -> HttpResponse:
    """Stop showing a picture."""
    found, now = product_or_404(product_id), clock.now()
    picture = Picture.objects.filter(pk=picture_id).first()
    if picture is None:
        raise NotFound()
    return attempt(
        request,
        lambda: catalogue.remove_picture(product=found, picture=picture, actor=_actor(request), now=now),
        said=gettext("The picture is not shown any more."),
        back=reverse("console:product", args=[found.pk]) + "#pictures",
        now=now,
    )


@door("goods.edit", WRITE)
def put_film(request: HttpRequest, product_id: int) -> HttpResponse:
    """A film beside the pictures, or other words for the one that is there."""
    found, me, now = product_or_404(product_id), operator_of(request), clock.now()

    def act() -> None:
        sent, stands = film_of(request, owner=me, now=now), ProductFilm.objects.filter(product=found).first()
        if sent is None and stands is None:
            raise NotAFilm(field="film")
        film = sent.film if sent is not None else stands.film  # type: ignore[union-attr]  # one of them is there
        catalogue.put_film(
            product=found, film=film, words=request.POST.get("film_words", "")[:20_000],
            is_silent=request.POST.get("film_silent") == "on", actor=_actor(request), now=now,
        )  # fmt: skip

    return changed(
        request, found, "film", act, said=gettext("The film plays on the product's page as soon as it is ready."), part="film"
    )  # fmt: skip


@door("goods.edit", WRITE)
def drop_film(request: HttpRequest, product_id: int) -> HttpResponse:
    """Take the film out."""
    found, now = product_or_404(product_id), clock.now()
    return attempt(
        request,
        lambda: catalogue.drop_film(product=found, actor=_actor(request), now=now),
        said=gettext("The film is gone."),
        back=reverse("console:product", args=[found.pk]) + "#film",
        now=now,
    )
