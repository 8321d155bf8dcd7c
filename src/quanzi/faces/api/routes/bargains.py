"""A price that people ask for together, how a price is made, and what it was."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router

from quanzi.community.circles.models import Circle
from quanzi.faces.api.document import refuses
from quanzi.faces.api.routes.finding import circle_at
from quanzi.faces.api.schemas.common import Cursor, Id, Limit, Page, Slug, page_of
from quanzi.faces.api.schemas.together import (
    AgreeIn,
    BargainIn,
    BargainOut,
    BargainRowOut,
    BuildUpIn,
    BuildUpOut,
    DeclineIn,
    EvidenceOut,
    PriceFactsOut,
    VoiceIn,
)
from quanzi.faces.api.security import EVERYBODY, member_of, staff_of, viewer_of
from quanzi.goods.catalogue.models import Sku
from quanzi.goods.catalogue.queries import price_history
from quanzi.goods.pricing.building import Made, build_up, set_build_up, shown
from quanzi.goods.pricing.errors import BadPart, UnknownGoods
from quanzi.kernel import clock
from quanzi.kernel.clock import midnight
from quanzi.kernel.errors import Errors
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.trade.bargains import errors as bargain_errors
from quanzi.trade.bargains import queries as bargain_queries
from quanzi.trade.bargains import services as bargains
from quanzi.trade.bargains.models import Bargain
from quanzi.trade.chains import policies as chain_policies
from quanzi.trade.deals import errors as deal_errors
from quanzi.trade.launches.queries import day_of_sku
from quanzi.trade.sales.queries import lowest_charged, struck

router = Router(tags=["deals"])
staff = Router(tags=["staff"])
BargainState = Literal["gathering", "agreed", "declined"]


def _bargain(code: str, viewer: Member | None) -> Bargain:
    found = bargain_queries.find_bargain(code, viewer=viewer)
    if found is None:
        raise bargain_errors.NoSuchBargain()
    return found


@router.get("/bargains", auth=EVERYBODY, response=list[BargainRowOut], summary="Prices that are asked for")
def list_bargains(
    request: HttpRequest, circle: Slug | None = None, product_id: Id | None = None
) -> list[bargain_queries.BargainCard]:
    """What gathers now: for everybody, or of a circle for its people."""
    me, circle_id = viewer_of(request), None
    if circle is not None:
        place = Circle.objects.filter(slug=circle).first()
        if place is None or me is None or not chain_policies.may_see(me, place):
            return []
        circle_id = place.pk
    return bargain_queries.bargains_of(viewer=me, circle_id=circle_id, sku_product_id=product_id, now=clock.now())


@router.post(
    "/bargains",
    response={201: BargainOut},
    summary="Ask for a price together",
    openapi_extra=refuses(
        bargain_errors.NotOnOffer, bargain_errors.AskedAlready, bargain_errors.NoSuchBargain, Errors,
        bargain_errors.WishTooHigh,
    ),
)  # fmt: skip
def ask_for_price(request: HttpRequest, body: BargainIn) -> bargain_queries.BargainPage:
    """Gathers voices for seven days; binds nobody."""
    me, now = member_of(request), clock.now()
    made = bargains.ask(
        sku_id=body.sku_id, opener=me, wish_minor=body.wish_minor, quantity=body.quantity, words=body.words,
        circle=circle_at(body.circle) if body.circle else None, now=now,
    )  # fmt: skip
    return bargain_queries.bargain_page(bargain=made, viewer=me, now=now)


@router.get(
    "/bargains/{code}",
    auth=EVERYBODY,
    response=BargainOut,
    summary="One price that is asked for",
    openapi_extra=refuses(bargain_errors.NoSuchBargain),
)
def get_bargain(request: HttpRequest, code: Slug) -> bargain_queries.BargainPage:
    """With the shop's offer, when there is one."""
    me = viewer_of(request)
    return bargain_queries.bargain_page(bargain=_bargain(code, me), viewer=me, now=clock.now())


@router.put(
    "/bargains/{code}/voices/mine",
    response=BargainOut,
    summary="Add my voice",
    openapi_extra=refuses(bargain_errors.NoSuchBargain, bargain_errors.BargainOver),
)
def add_voice(request: HttpRequest, code: Slug, body: VoiceIn) -> bargain_queries.BargainPage:
    """I would take so many; said again it is the new number."""
    me, now = member_of(request), clock.now()
    bargains.add_voice(bargain=_bargain(code, me), member=me, quantity=body.quantity, now=now)
    return bargain_queries.bargain_page(bargain=_bargain(code, me), viewer=me, now=now)


@router.delete(
    "/bargains/{code}/voices/mine",
    response={204: None},
    summary="Take my voice back",
    openapi_extra=refuses(bargain_errors.NoSuchBargain, bargain_errors.BargainOver),
)
def withdraw_voice(request: HttpRequest, code: Slug) -> None:
    """It does not count any more."""
    me = member_of(request)
    bargains.withdraw(bargain=_bargain(code, me), member=me, now=clock.now())


@router.get(
    "/skus/{sku_id}/price",
    auth=EVERYBODY,
    response=PriceFactsOut,
    summary="What helps to judge a price",
    openapi_extra=refuses(UnknownGoods),
)
def get_price_facts(request: HttpRequest, sku_id: Id) -> dict[str, Any]:
    """Its history, what was really charged, and how it is made where the merchant shows it."""
    sku = Sku.objects.filter(pk=sku_id, product__state="on_sale", is_active=True).first()
    if sku is None:
        raise UnknownGoods(field="sku_id", sku_id=sku_id)
    now, price, history = clock.now(), Money(sku.price_minor, sku.currency), price_history(sku_id)
    made = shown([sku_id]).get(sku_id)
    return {
        "sku_id": sku_id,
        "price": price,
        "history": history,
        "lowest_charged": lowest_charged(sku_id=sku_id, before=now, currency=sku.currency),
        "struck": struck(sku_id=sku_id, price=price, since=history[0].changed_at if history else now),
        "build_up": _build_up(sku, made, is_shown=True) if made is not None else None,
        "day": day_of_sku(sku_id=sku_id, now=now),
    }


def _build_up(sku: Sku, made: Made, *, is_shown: bool) -> dict[str, Any]:
    return {
        "sku_id": sku.pk, "goods_minor": made.goods_minor, "delivery_minor": made.delivery_minor,
        "leader_minor": made.leader_minor, "margin_minor": made.margin_minor(sku.price_minor), "is_shown": is_shown,
    }  # fmt: skip


@staff.put(
    "/staff/skus/{sku_id}/build-up",
    response=BuildUpOut,
    summary="Say how a price is made",
    openapi_extra=refuses(UnknownGoods, BadPart),
)
def put_build_up(request: HttpRequest, sku_id: Id, body: BuildUpIn) -> dict[str, Any]:
    """What of one unit goes to whom; the rest is the shop's. Needs goods.edit."""
    me = staff_of(request, "goods.edit")
    set_build_up(sku_id=sku_id, actor=me, now=clock.now(), **body.model_dump())
    known, sku = build_up(sku_id), Sku.objects.get(pk=sku_id)
    assert known is not None
    made = Made(known.goods_minor, known.delivery_minor, known.leader_minor)
    return _build_up(sku, made, is_shown=known.is_shown)


@staff.get("/staff/bargains", response=Page[BargainRowOut], summary="Every price that is asked for")
def list_every_bargain(
    request: HttpRequest, state: BargainState = "gathering", cursor: Cursor | None = None, limit: Limit = 20
) -> dict[str, Any]:
    """Newest first. Needs orders.view."""
    staff_of(request, "orders.view")
    return page_of(bargain_queries.every_bargain(state=state, before=cursor, limit=limit, now=clock.now()), limit)


@staff.get(
    "/staff/bargains/{bargain_id}",
    response=EvidenceOut,
    summary="What speaks for a price",
    openapi_extra=refuses(bargain_errors.NoSuchBargain),
)
def get_evidence(request: HttpRequest, bargain_id: Id) -> bargain_queries.Evidence:
    """People, units, margins, and what those people kept before. Needs orders.view."""
    staff_of(request, "orders.view")
    return _evidence(bargain_id)


def _evidence(bargain_id: int) -> bargain_queries.Evidence:
    found = bargain_queries.evidence_of(bargain_id=bargain_id, now=clock.now())
    if found is None:
        raise bargain_errors.NoSuchBargain()
    return found


@staff.post(
    "/staff/bargains/{bargain_id}/agree",
    response=EvidenceOut,
    summary="Offer a price",
    openapi_extra=refuses(
        bargain_errors.NoSuchBargain,
        bargain_errors.AnsweredAlready,
        Errors,
        deal_errors.NotCheaper,
        deal_errors.EndsTooEarly,
    ),
)
def agree_to_price(request: HttpRequest, bargain_id: Id, body: AgreeIn) -> bargain_queries.Evidence:
    """Becomes a deal for those who asked and whom they invite. Needs goods.edit."""
    me = staff_of(request, "goods.edit")
    bargains.agree(
        bargain_id=bargain_id, price_minor=body.price_minor, minimum=body.minimum, answer=body.answer,
        ends_at=midnight(body.ends_on + timedelta(days=1)), actor=me, now=clock.now(),
    )  # fmt: skip
    return _evidence(bargain_id)


@staff.post(
    "/staff/bargains/{bargain_id}/decline",
    response=EvidenceOut,
    summary="Say no to a price",
    openapi_extra=refuses(bargain_errors.NoSuchBargain, bargain_errors.AnsweredAlready, bargain_errors.AnswerNeeded),
)
def decline_price(request: HttpRequest, bargain_id: Id, body: DeclineIn) -> bargain_queries.Evidence:
    """With its reason, which everybody who asked reads. Needs goods.edit."""
    me = staff_of(request, "goods.edit")
    bargains.decline(bargain_id=bargain_id, reason=body.reason, actor=me, now=clock.now())
    return _evidence(bargain_id)
