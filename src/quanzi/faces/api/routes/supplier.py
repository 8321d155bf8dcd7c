"""For whoever stands for a maker: their own goods, lots, and what is ordered of them. Reading only."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Min, Sum
from django.http import HttpRequest
from ninja import Router

from quanzi.faces.api.schemas.common import Cursor, Limit, Page, Slug, page_of
from quanzi.faces.api.schemas.goods import MakerOut, ProductRowOut
from quanzi.faces.api.schemas.staff_goods import DemandOut, MadeLotOut
from quanzi.faces.api.security import member_of
from quanzi.faces.console.reading.goods import EVERY_STATE, LotLine, lot_rows
from quanzi.goods.catalogue.models import Maker
from quanzi.goods.catalogue.queries import MakerCard, maker_page, product_cards
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound
from quanzi.trade.sales.models import OrderLine

router = Router(tags=["supplier"])


@router.get("/supplier/makers", response=list[MakerOut], summary="Makers that I stand for")
def list_my_makers(request: HttpRequest) -> list[MakerCard]:
    """Empty for everybody else; the shop's staff ties a maker to a member."""
    return [maker_page(slug) for slug in _slugs(request)]


@router.get("/supplier/makers/{maker}/products", response=Page[ProductRowOut], summary="My goods")
def list_my_goods(request: HttpRequest, maker: Slug, cursor: Cursor | None = None, limit: Limit = 20) -> dict[str, Any]:
    """Newest first, drafts and paused ones too."""
    rows = product_cards(maker=_mine(request, maker), states=EVERY_STATE, before=cursor, limit=limit)
    return page_of(rows, limit)


@router.get("/supplier/makers/{maker}/demand", response=list[DemandOut], summary="What is ordered of me")
def list_demand(request: HttpRequest, maker: Slug) -> list[dict[str, Any]]:
    """By variant: paid and not handed over yet, the longest waiting first. Buyers are not named."""
    open_lines = OrderLine.objects.filter(
        product__maker__slug=_mine(request, maker), order__state="paid", handed_over_at=None, dropped_at=None
    )
    rows = open_lines.values("sku_id", "sku__code", "product__name").annotate(
        quantity=Sum("quantity"), orders=Count("order_id", distinct=True), oldest=Min("order__paid_at")
    )
    return [
        {"sku_id": row["sku_id"], "sku_code": row["sku__code"], "product_name": row["product__name"],
         "quantity": row["quantity"], "orders": row["orders"], "oldest_paid_at": row["oldest"]}
        for row in rows.order_by("oldest", "sku_id")
    ]  # fmt: skip


@router.get("/supplier/makers/{maker}/lots", response=Page[MadeLotOut], summary="My lots")
def list_my_lots(request: HttpRequest, maker: Slug, cursor: Cursor | None = None, limit: Limit = 20) -> dict[str, Any]:
    """Newest first, with what is left of each on the shelf."""
    rows: list[LotLine] = lot_rows(
        group="all", maker=_mine(request, maker), before_id=cursor, limit=limit, now=clock.now()
    )
    return page_of(rows, limit)


def _slugs(request: HttpRequest) -> list[str]:
    return list(Maker.objects.filter(member=member_of(request)).order_by("pk").values_list("slug", flat=True))


def _mine(request: HttpRequest, slug: str) -> str:
    """Raises NotFound, also for somebody else's maker."""
    if slug not in _slugs(request):
        raise NotFound
    return slug
