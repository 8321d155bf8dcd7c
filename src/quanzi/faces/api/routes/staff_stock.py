"""The shelf for the staff: stock, lots, and where goods stand and are collected. Needs goods.edit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router

from quanzi.faces.api.document import refuses
from quanzi.faces.api.routes.finding import circle_at, member_by_id
from quanzi.faces.api.routes.staff_goods import actor_of, sku_at
from quanzi.faces.api.schemas.cart import PointOut
from quanzi.faces.api.schemas.common import Cursor, Id, Key, Limit, Page, Slug, page_of
from quanzi.faces.api.schemas.goods import MakerOut
from quanzi.faces.api.schemas.staff_goods import (
    LotRefOut,
    LowAtIn,
    MadeLotOut,
    MakerChangeIn,
    MovementIn,
    MovementOut,
    NewLotIn,
    NewMakerIn,
    NewPointIn,
    PointChangeIn,
    ShelfIn,
    SlugOut,
    StockOut,
)
from quanzi.faces.api.security import staff_of
from quanzi.faces.console.reading.goods import LotLine, lot_rows
from quanzi.goods.catalogue import errors as goods_errors
from quanzi.goods.catalogue import services as catalogue
from quanzi.goods.catalogue.models import Category, Lot, Maker
from quanzi.goods.catalogue.queries import MakerCard, maker_page
from quanzi.goods.stock import errors, services
from quanzi.goods.stock.queries import MovementRow, StockRow, levels, movements
from quanzi.kernel import clock
from quanzi.kernel.clock import midnight
from quanzi.kernel.errors import Errors, InvalidInput, NotFound
from quanzi.kernel.ids import new_code
from quanzi.trade.sales.models import PickupPoint
from quanzi.trade.sales.queries import PointCard
from quanzi.trade.sales.queries.points import point_card
from quanzi.trade.sales.services import open_pickup_point, update_pickup_point

router = Router(tags=["staff"])
Group = Literal["here", "ending", "paused", "recalled", "all"]
TEXTS = (Errors, goods_errors.Missing, goods_errors.TooLong)


@router.get(
    "/staff/skus/{sku_id}/stock",
    response=StockOut,
    summary="How many there are",
    openapi_extra=refuses(errors.UnknownSku),
)
def get_stock(request: HttpRequest, sku_id: Id) -> StockRow:
    """On the shelf, held for orders, free. Needs goods.edit."""
    staff_of(request, "goods.edit")
    return levels([sku_at(sku_id).pk])[sku_id]


@router.get(
    "/staff/skus/{sku_id}/movements",
    response=Page[MovementOut],
    summary="Why the shelf changed",
    openapi_extra=refuses(errors.UnknownSku),
)
def list_movements(request: HttpRequest, sku_id: Id, cursor: Cursor | None = None, limit: Limit = 50) -> dict[str, Any]:
    """Newest first. Needs goods.edit."""
    staff_of(request, "goods.edit")
    rows: list[MovementRow] = movements(sku_at(sku_id).pk, before_id=cursor, limit=limit)
    return page_of(rows, limit)


@router.post(
    "/staff/skus/{sku_id}/movements",
    response={201: StockOut},
    summary="Receive, scrap or count goods",
    openapi_extra=refuses(
        errors.UnknownSku, errors.BadQuantity, errors.LotOfOtherGoods, errors.OutOfStock, errors.SoldOut, errors.KeyReused
    ),
)  # fmt: skip
def move_stock(request: HttpRequest, sku_id: Id, body: MovementIn, idempotency_key: Key) -> StockRow:
    """Once for each key; answers how many there are now. Goods held for orders cannot be scrapped. Needs goods.edit."""
    actor, found = actor_of(request), sku_at(sku_id)
    known: dict[str, Any] = {
        "sku_id": found.pk, "key": f"api:{idempotency_key}", "reason": body.reason, "actor": actor, "now": clock.now(),
    }  # fmt: skip
    if body.what == "count":
        services.count(counted=body.quantity, **known)
    else:
        act = services.receive if body.what == "receive" else services.scrap
        act(quantity=body.quantity, lot_id=body.lot_id, **known)
    return levels([found.pk])[found.pk]


@router.put(
    "/staff/skus/{sku_id}/low-at",
    response=StockOut,
    summary="Say from how many on few are left",
    openapi_extra=refuses(errors.UnknownSku, errors.BadQuantity),
)
def set_low_at(request: HttpRequest, sku_id: Id, body: LowAtIn) -> StockRow:
    """Announced as stock.low when so many free units are left; 0: never. Needs goods.edit."""
    actor, found = actor_of(request), sku_at(sku_id)
    services.warn_at(sku_id=found.pk, low_at=body.low_at, actor=actor, now=clock.now())
    return levels([found.pk])[found.pk]


@router.get("/staff/lots", response=Page[MadeLotOut], summary="Lots")
def list_lots(
    request: HttpRequest, group: Group = "here", cursor: Cursor | None = None, limit: Limit = 50
) -> dict[str, Any]:
    """Newest first: with something on the shelf, expired or ending, recalled, or all. Needs goods.edit."""
    staff_of(request, "goods.edit")
    rows: list[LotLine] = lot_rows(group=group, before_id=cursor, limit=limit, now=clock.now())
    return page_of(rows, limit)


@router.post(
    "/staff/skus/{sku_id}/lots",
    response={201: LotRefOut},
    summary="Name a lot",
    openapi_extra=refuses(
        errors.UnknownSku, goods_errors.CodeTaken, goods_errors.LotEndsBeforeItBegins, goods_errors.BadChoice, *TEXTS
    ),
)  # fmt: skip
def make_lot(request: HttpRequest, sku_id: Id, body: NewLotIn) -> Lot:
    """Goods that were made together; how many there are is said when they are received. Needs goods.edit."""
    ends = midnight(body.expires_on + timedelta(days=1)) if body.expires_on else None
    return catalogue.add_lot(
        sku=sku_at(sku_id), expires_at=ends, actor=actor_of(request), now=clock.now(),
        **body.model_dump(exclude={"expires_on"}),
    )  # fmt: skip


@router.post("/staff/categories", response={201: SlugOut}, summary="Add a shelf", openapi_extra=refuses(*TEXTS))
def make_category(request: HttpRequest, body: ShelfIn) -> Category:
    """Behind the others; its address is a short code. Needs goods.edit."""
    actor, place = actor_of(request), Category.objects.count()
    return catalogue.create_category(slug=_address(), position=place, actor=actor, now=clock.now(), **body.model_dump())


@router.post("/staff/makers", response={201: SlugOut}, summary="Introduce a maker", openapi_extra=refuses(*TEXTS))
def make_maker(request: HttpRequest, body: NewMakerIn) -> Maker:
    """A grower or a workshop. Needs goods.edit."""
    return catalogue.create_maker(slug=_address(), actor=actor_of(request), now=clock.now(), **body.model_dump())


@router.patch(
    "/staff/makers/{slug}", response=MakerOut, summary="Change a maker", openapi_extra=refuses(goods_errors.UnknownMaker, *TEXTS)
)  # fmt: skip
def change_maker(request: HttpRequest, slug: Slug, body: MakerChangeIn) -> MakerCard:
    """What is left out stays as it is. Needs goods.edit."""
    actor, found = actor_of(request), Maker.objects.filter(slug=slug).first()
    if found is None:
        raise goods_errors.UnknownMaker
    sent = body.model_dump(exclude_unset=True, exclude={"member_id"})
    changes: dict[str, Any] = {name: value for name, value in sent.items() if value is not None}
    if "member_id" in body.model_fields_set:
        changes["member"] = member_by_id(body.member_id, viewer=None) if body.member_id is not None else None
    catalogue.update_maker(maker=found, actor=actor, now=clock.now(), **changes)
    return maker_page(slug)


@router.put(
    "/staff/points/{point_id}",
    response=PointOut,
    summary="Change a pickup point",
    openapi_extra=refuses(InvalidInput, Errors),
)
def put_point(request: HttpRequest, point_id: Id, body: PointChangeIn) -> PointCard:
    """Or close it for new orders; those already placed stay there. Needs goods.edit."""
    actor, found = actor_of(request), PickupPoint.objects.filter(pk=point_id).first()
    if found is None:
        raise NotFound
    return point_card(update_pickup_point(point=found, actor=actor, now=clock.now(), **body.model_dump()))


@router.post(
    "/staff/points",
    response={201: PointOut},
    summary="Open a pickup point",
    openapi_extra=refuses(NotFound, InvalidInput, Errors),
)
def open_point(request: HttpRequest, body: NewPointIn) -> PointCard:
    """Its leader becomes a leader. Needs goods.edit."""
    actor, leader = actor_of(request), member_by_id(body.leader_id, viewer=None)
    point = open_pickup_point(
        leader=leader, circle=circle_at(body.circle) if body.circle else None, actor=actor, now=clock.now(),
        **body.model_dump(exclude={"leader_id", "circle"}),
    )  # fmt: skip
    return point_card(point)


def _address() -> str:
    """Addresses of shelves and makers are short codes: a Chinese name has no spelling that everybody types the same."""
    return new_code(6).lower()
