"""The cart, and what anything would cost."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router

from quanzi.faces.api import cursors
from quanzi.faces.api.document import refuses
from quanzi.faces.api.schemas.cart import CartIn, CartOut, PointOut, QuantityIn, QuoteIn, WayOut
from quanzi.faces.api.schemas.common import Cursor, Id, Limit, Method, Page
from quanzi.faces.api.schemas.goods import QuoteOut
from quanzi.faces.api.security import EVERYBODY, member_of
from quanzi.goods.pricing import errors as pricing_errors
from quanzi.goods.pricing.services import Quote, QuoteLine, quote
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.trade.deals.errors import NoSuchDeal, NoSuchTeam
from quanzi.trade.deals.queries import deal_page, team_page
from quanzi.trade.payments import providers
from quanzi.trade.rewards.errors import CouponNotForThis, CouponNotFree
from quanzi.trade.sales import errors, queries, services

router = Router(tags=["cart"])
CART = (errors.NoSuchGoods, errors.BadQuantity, errors.NotOnSale, errors.NotTogether, errors.TooManyLines)


@router.get("/cart", response=CartOut, summary="My cart")
def get_cart(request: HttpRequest, method: Method = "delivery") -> queries.CartView:
    """Priced line by line. Nothing is held until the order is placed."""
    return _view(member_of(request), method)


@router.post("/cart", response=CartOut, summary="Put goods into the cart", openapi_extra=refuses(*CART))
def add_to_cart(request: HttpRequest, body: CartIn) -> queries.CartView:
    """On top of what is there."""
    me = member_of(request)
    services.add_to_cart(member=me, sku_id=body.sku_id, quantity=body.quantity, now=clock.now())
    return _view(me)


@router.put("/cart/{sku_id}", response=CartOut, summary="Say how many", openapi_extra=refuses(*CART))
def set_quantity(request: HttpRequest, sku_id: Id, body: QuantityIn) -> queries.CartView:
    """0 takes the goods out."""
    me = member_of(request)
    services.set_quantity(member=me, sku_id=sku_id, quantity=body.quantity, now=clock.now())
    return _view(me)


@router.delete("/cart/{sku_id}", response=CartOut, summary="Take goods out")
def remove_from_cart(request: HttpRequest, sku_id: Id) -> queries.CartView:
    """What is not there is no error."""
    me = member_of(request)
    services.remove_line(member=me, sku_id=sku_id, now=clock.now())
    return _view(me)


@router.post(
    "/quotes",
    response=QuoteOut,
    summary="What it would cost, and why",
    openapi_extra=refuses(
        pricing_errors.NothingToPrice, pricing_errors.BadQuantity, pricing_errors.NotOnSale, pricing_errors.UnknownGoods,
        NoSuchDeal, NoSuchTeam, CouponNotFree, CouponNotForThis,
    ),
)  # fmt: skip
def get_quote(request: HttpRequest, body: QuoteIn) -> Quote:
    """Every step from list price to what is paid, by the same rules as an order. Reads only."""
    me, now = member_of(request), clock.now()
    lines, context = _wish(body, me, now)
    if body.method is not None:
        context["method"] = body.method
    if body.address_id is not None:
        context["address_id"] = body.address_id
    return quote(lines=lines, member_id=me.pk, context=context, now=now)


@router.get("/pickup-points", auth=EVERYBODY, response=Page[PointOut], summary="Where goods can be picked up")
def list_points(
    request: HttpRequest, circle_id: Id | None = None, cursor: Cursor | None = None, limit: Limit = 50
) -> dict[str, Any]:
    """Points that take orders; circle_id: of these, those of one circle first."""
    rows = queries.open_points(circle_id=circle_id, after=cursor or 0, limit=limit)
    last = max((row.id for row in rows), default=0)
    return {"items": rows, "next": cursors.write(last) if len(rows) == limit else None}


@router.get("/payment-ways", auth=EVERYBODY, response=list[WayOut], summary="Ways to pay")
def list_ways(request: HttpRequest) -> list[dict[str, Any]]:
    """In the operator's order. An online one has a page to pay at; the others are confirmed by a person."""
    return [{"name": name, "is_online": providers.get(name).is_online} for name in providers.offered_names()]


def _view(me: Member, method: str = "delivery") -> queries.CartView:
    return queries.cart_view(member=me, method=method, now=clock.now())


def _wish(body: QuoteIn, me: Member, now: datetime) -> tuple[list[QuoteLine], dict[str, Any]]:
    """Lines and context of what is asked about. Raises NoSuchTeam, NoSuchDeal for what the member may not know of."""
    if body.team is not None:
        team = team_page(code=body.team, viewer=me, now=now)
        if team is None:
            raise NoSuchTeam
        offer = team.card.offer
        return [QuoteLine(offer.sku_id, body.quantity)], {"team_id": team.card.id, "deal_id": offer.id}
    if body.deal_id is not None:
        found = deal_page(deal_id=body.deal_id, viewer=me, now=now)
        if found is None:
            raise NoSuchDeal
        return [QuoteLine(found.sku_id, body.quantity)], {"deal_id": found.id}
    coupon = {"coupon_id": body.coupon_id} if body.coupon_id is not None else {}
    return [QuoteLine(line.sku_id, line.quantity) for line in body.lines], coupon
