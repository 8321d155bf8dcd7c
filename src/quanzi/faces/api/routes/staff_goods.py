"""Goods for the staff: products, variants, prices, pictures, a film. All of it needs goods.edit."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router

from quanzi.faces.api.document import refuses
from quanzi.faces.api.routes.films import told
from quanzi.faces.api.routes.finding import own_film, own_pictures
from quanzi.faces.api.schemas.common import Cursor, Id, Limit, Page, Word, next_of
from quanzi.faces.api.schemas.films import FilmIn, FilmOut
from quanzi.faces.api.schemas.staff_goods import (
    GoodsIn,
    GoodsOut,
    GoodsRowOut,
    PictureRefIn,
    PriceChangeOut,
    PriceIn,
    SkuChangeIn,
    SkuIn,
    StaffSkuOut,
)
from quanzi.faces.api.security import staff_of
from quanzi.faces.console.reading.goods import goods_rows, product_by_id
from quanzi.goods.catalogue import errors, services
from quanzi.goods.catalogue.models import Category, Maker, Product, Sku
from quanzi.goods.catalogue.queries import PricePoint, ProductPage, SkuChoice, price_history, product_page_by_id
from quanzi.goods.stock.errors import UnknownSku
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, Errors, IllegalMove, NotFound
from quanzi.people.accounts.errors import PictureNotYours

router = Router(tags=["staff"])
State = Literal["draft", "on_sale", "paused"]
WORDS: tuple[type[DomainError], ...] = (
    Errors, errors.Missing, errors.TooLong, errors.BadSlug, errors.SlugTaken, errors.UnknownMaker, errors.BadChoice,
    errors.TooFewReturnDays, errors.BadNumber,
)  # fmt: skip
VARIANT: tuple[type[DomainError], ...] = (
    Errors, errors.Missing, errors.TooLong, errors.CodeTaken, errors.BadPrice, errors.BadNumber, errors.BadOptions,
)  # fmt: skip


def actor_of(request: HttpRequest) -> str:
    """How the rooms write down somebody of the staff who may edit goods."""
    return f"staff:{staff_of(request, 'goods.edit').pk}"


@router.get("/staff/products", response=Page[GoodsRowOut], summary="Every product")
def list_goods(
    request: HttpRequest, state: State | None = None, words: Word = "", cursor: Cursor | None = None, limit: Limit = 20
) -> dict[str, Any]:
    """Newest first, drafts and paused ones too, with their stock. Needs goods.edit."""
    staff_of(request, "goods.edit")
    rows = goods_rows(words=words, state=state or "", before_id=cursor, limit=limit)
    items = [
        {**{name: getattr(row.card, name) for name in ("id", "slug", "name", "state", "picture", "maker_slug", "category_slug", "created_at")},
         "on_hand": row.stock.on_hand, "reserved": row.stock.reserved, "sold_out": row.sold_out, "few_left": row.few_left, "kept": row.kept.kept,
         "returned": row.kept.returned}
        for row in rows
    ]  # fmt: skip
    return {"items": items, "next": next_of([row.card for row in rows], limit)}


@router.post("/staff/products", response={201: GoodsOut}, summary="Make a product", openapi_extra=refuses(*WORDS))
def make_product(request: HttpRequest, body: GoodsIn) -> ProductPage:
    """A draft. Add a variant and a picture, then put it on sale. Needs goods.edit."""
    made = services.create_product(actor=actor_of(request), now=clock.now(), **_words(body))
    return product_page_by_id(made.pk, for_staff=True)


@router.get("/staff/products/{product_id}", response=GoodsOut, summary="One product, for the staff")
def get_goods(request: HttpRequest, product_id: Id) -> ProductPage:
    """With variants that are off, and what they cost the shop. Needs goods.edit."""
    staff_of(request, "goods.edit")
    return product_page_by_id(_product(product_id).pk, for_staff=True)


@router.put(
    "/staff/products/{product_id}", response=GoodsOut, summary="Change a product", openapi_extra=refuses(*WORDS)
)
def put_goods(request: HttpRequest, product_id: Id, body: GoodsIn) -> ProductPage:
    """All of it at once; orders keep the words they were placed with. Needs goods.edit."""
    actor = actor_of(request)
    services.update_product(product=_product(product_id), actor=actor, now=clock.now(), **_words(body))
    return product_page_by_id(product_id, for_staff=True)


@router.put(
    "/staff/products/{product_id}/sale",
    response=GoodsOut,
    summary="Put a product on sale",
    openapi_extra=refuses(errors.NothingToSell, IllegalMove),
)
def publish_goods(request: HttpRequest, product_id: Id) -> ProductPage:
    """Members see it from now on. Needs goods.edit."""
    services.publish(product=_product(product_id), actor=actor_of(request), now=clock.now())
    return product_page_by_id(product_id, for_staff=True)


@router.delete(
    "/staff/products/{product_id}/sale",
    response=GoodsOut,
    summary="Take a product off sale",
    openapi_extra=refuses(IllegalMove),
)
def pause_goods(request: HttpRequest, product_id: Id) -> ProductPage:
    """Members still see it and cannot order it. Needs goods.edit."""
    services.pause(product=_product(product_id), actor=actor_of(request), now=clock.now())
    return product_page_by_id(product_id, for_staff=True)


@router.post(
    "/staff/products/{product_id}/pictures",
    response={201: GoodsOut},
    summary="Show a picture with a product",
    openapi_extra=refuses(PictureNotYours),
)
def add_goods_picture(request: HttpRequest, product_id: Id, body: PictureRefIn) -> ProductPage:
    """After the others. Upload it first, at POST /pictures. Needs goods.edit."""
    me, found = staff_of(request, "goods.edit"), _product(product_id)
    picture = own_pictures([body.picture_id], member=me, field="picture_id")[0]
    services.add_picture(product=found, picture=picture, actor=actor_of(request), now=clock.now())
    return product_page_by_id(product_id, for_staff=True)


@router.put(
    "/staff/products/{product_id}/film", response=FilmOut, summary="Show a film with a product",
    openapi_extra=refuses(errors.GoodsFilmNeedsWords, errors.FilmWordsTooLong, errors.FilmElsewhere),
)  # fmt: skip
def put_goods_film(request: HttpRequest, product_id: Id, body: FilmIn) -> dict[str, Any]:
    """In the place of the one that stood there; the same again changes its words. Send it first, at POST /films. Needs goods.edit."""
    me, found = staff_of(request, "goods.edit"), _product(product_id)
    film = own_film(body.code, member=me)
    services.put_film(
        product=found, film=film, words=body.words, is_silent=body.is_silent, actor=actor_of(request), now=clock.now()
    )
    return told(film)


@router.delete("/staff/products/{product_id}/film", response={204: None}, summary="Take the film of a product out")
def drop_goods_film(request: HttpRequest, product_id: Id) -> None:
    """The film goes, with its files. Again changes nothing. Needs goods.edit."""
    services.drop_film(product=_product(product_id), actor=actor_of(request), now=clock.now())


@router.delete(
    "/staff/products/{product_id}/pictures/{picture_id}", response=GoodsOut, summary="Stop showing a picture"
)
def remove_goods_picture(request: HttpRequest, product_id: Id, picture_id: Id) -> ProductPage:
    """The picture itself is kept. Needs goods.edit."""
    actor, found = actor_of(request), _product(product_id)
    shown = next((one for one in product_page_by_id(product_id, for_staff=True).pictures if one.pk == picture_id), None)
    if shown is None:
        raise NotFound
    services.remove_picture(product=found, picture=shown, actor=actor, now=clock.now())
    return product_page_by_id(product_id, for_staff=True)


@router.post(
    "/staff/products/{product_id}/skus", response={201: StaffSkuOut}, summary="Add a variant", openapi_extra=refuses(*VARIANT)
)  # fmt: skip
def add_sku(request: HttpRequest, product_id: Id, body: SkuIn) -> SkuChoice:
    """It can be bought as soon as some of it is in stock. Needs goods.edit."""
    made = services.add_sku(product=_product(product_id), actor=actor_of(request), now=clock.now(), **body.model_dump())
    return _variant(made)


@router.patch(
    "/staff/skus/{sku_id}",
    response=StaffSkuOut,
    summary="Change a variant",
    openapi_extra=refuses(UnknownSku, errors.LastVariant, *VARIANT),
)
def change_sku(request: HttpRequest, sku_id: Id, body: SkuChangeIn) -> SkuChoice:
    """What is left out stays as it is; is_active: whether it is offered. Needs goods.edit."""
    actor, found = actor_of(request), sku_at(sku_id)
    changes = {name: value for name, value in body.model_dump(exclude_unset=True).items() if value is not None}
    return _variant(services.update_sku(sku=found, actor=actor, now=clock.now(), **changes))


@router.put(
    "/staff/skus/{sku_id}/price",
    response=StaffSkuOut,
    summary="Change a price",
    openapi_extra=refuses(UnknownSku, errors.BadPrice),
)
def change_price(request: HttpRequest, sku_id: Id, body: PriceIn) -> SkuChoice:
    """From now on; placed orders keep theirs. Needs goods.edit."""
    actor, found = actor_of(request), sku_at(sku_id)
    return _variant(services.change_price(sku=found, price_minor=body.price_minor, actor=actor, now=clock.now()))


@router.get(
    "/staff/skus/{sku_id}/prices",
    response=list[PriceChangeOut],
    summary="What a variant has cost",
    openapi_extra=refuses(UnknownSku),
)
def list_prices(request: HttpRequest, sku_id: Id, limit: Limit = 50) -> list[PricePoint]:
    """Newest first. Needs goods.edit."""
    staff_of(request, "goods.edit")
    return price_history(sku_at(sku_id).pk, limit=limit)


def sku_at(sku_id: int) -> Sku:
    """Raises UnknownSku."""
    found = Sku.objects.select_related("product").filter(pk=sku_id).first()
    if found is None:
        raise UnknownSku
    return found


def _product(product_id: int) -> Product:
    found = product_by_id(product_id)
    if found is None:
        raise errors.UnknownProduct
    return found


def _variant(sku: Sku) -> SkuChoice:
    page = product_page_by_id(sku.product_id, for_staff=True)
    return next(one for one in page.skus if one.id == sku.pk)


def _words(body: GoodsIn) -> dict[str, Any]:
    """The body as the services take it. Raises UnknownMaker, BadChoice."""
    maker = Maker.objects.filter(slug=body.maker).first() if body.maker else None
    if body.maker and maker is None:
        raise errors.UnknownMaker
    category = Category.objects.filter(slug=body.category).first() if body.category else None
    if body.category and category is None:
        raise errors.BadChoice(field="category")
    return {**body.model_dump(exclude={"maker", "category"}), "maker": maker, "category": category}
