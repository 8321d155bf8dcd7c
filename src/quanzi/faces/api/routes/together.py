"""Buying together in a circle: sign-up chains; and prices that are asked for together."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router

from quanzi.community.circles.models import Circle
from quanzi.faces.api.document import refuses
from quanzi.faces.api.routes.finding import circle_at
from quanzi.faces.api.routes.ordering import REFUSALS, placed
from quanzi.faces.api.schemas.common import Cursor, Id, Key, Limit, Page, Slug, page_of
from quanzi.faces.api.schemas.orders import PlacedOut
from quanzi.faces.api.schemas.together import (
    AgreeIn,
    BargainIn,
    BargainOut,
    BargainRowOut,
    BuildUpIn,
    BuildUpOut,
    CallOffIn,
    ChainIn,
    ChainOut,
    ChainRowOut,
    DeclineIn,
    EvidenceOut,
    PriceFactsOut,
    RemindedOut,
    SignUpIn,
    VoiceIn,
)
from quanzi.faces.api.security import EVERYBODY, member_of, staff_of, viewer_of
from quanzi.faces.console.parsing import midnight
from quanzi.goods.catalogue.models import Sku
from quanzi.goods.catalogue.queries import price_history
from quanzi.goods.pricing.building import Made, build_up, set_build_up, shown
from quanzi.goods.pricing.errors import BadPart, UnknownGoods
from quanzi.kernel import clock
from quanzi.kernel.errors import Errors
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.trade.bargains import errors as bargain_errors
from quanzi.trade.bargains import queries as bargain_queries
from quanzi.trade.bargains import services as bargains
from quanzi.trade.bargains.models import Bargain
from quanzi.trade.chains import errors as chain_errors
from quanzi.trade.chains import policies as chain_policies
from quanzi.trade.chains import queries as chain_queries
from quanzi.trade.chains import services as chains
from quanzi.trade.chains.models import Chain
from quanzi.trade.chains.services.opening import Good
from quanzi.trade.deals import errors as deal_errors
from quanzi.trade.launches.queries import day_of_sku
from quanzi.trade.sales.errors import PointNeeded
from quanzi.trade.sales.queries import lowest_charged, struck

router = Router(tags=["deals"])
staff_router = Router(tags=["staff"])
BargainState = Literal["gathering", "agreed", "declined"]


def _chain(code: str, me: Member) -> Chain:
    found = chain_queries.find_chain(code, viewer=me)
    if found is None:
        raise chain_errors.NoSuchChain()
    return found


def _bargain(code: str, viewer: Member | None) -> Bargain:
    found = bargain_queries.find_bargain(code, viewer=viewer)
    if found is None:
        raise bargain_errors.NoSuchBargain()
    return found


@router.get(
    "/circles/{slug}/chains",
    response=Page[ChainRowOut],
    summary="Sign-up chains of a circle",
    openapi_extra=refuses(chain_errors.NoSuchChain),
)
def list_chains(request: HttpRequest, slug: Slug, cursor: Cursor | None = None, limit: Limit = 20) -> dict[str, Any]:
    """Newest first; for people of the circle."""
    me, circle = member_of(request), circle_at(slug)
    if not chain_policies.may_see(me, circle):
        raise chain_errors.NoSuchChain()
    return page_of(chain_queries.chains_of(circle_id=circle.pk, before=cursor, limit=limit, now=clock.now()), limit)


@router.post(
    "/circles/{slug}/chains",
    response={201: ChainOut},
    summary="Open a sign-up chain",
    openapi_extra=refuses(
        chain_errors.NoSuchChain, chain_errors.MayNotOpen, chain_errors.PriceIsSet, chain_errors.NotInChain, PointNeeded,
        Errors, chain_errors.TitleNeeded, chain_errors.BadChainTime,
    ),
)  # fmt: skip
def open_chain(request: HttpRequest, slug: Slug, body: ChainIn) -> chain_queries.ChainPage:
    """For who keeps the circle and for leaders in it."""
    me, circle, now = member_of(request), circle_at(slug), clock.now()
    if not chain_policies.may_see(me, circle):
        raise chain_errors.NoSuchChain()
    made = chains.open_chain(
        circle=circle, opener=me, title=body.title, note=body.note,
        goods=[Good(one.sku_id, one.price_minor) for one in body.goods], point_id=body.pickup_point_id,
        closes_at=body.closes_at if body.closes_at.tzinfo else body.closes_at.replace(tzinfo=clock.SITE_ZONE),
        pay_hours=body.pay_hours, now=now,
    )  # fmt: skip
    return chain_queries.chain_page(chain=_chain(made.code, me), viewer=me, now=now)


@router.get(
    "/chains/{code}",
    response=ChainOut,
    summary="One sign-up chain",
    openapi_extra=refuses(chain_errors.NoSuchChain),
)
def get_chain(request: HttpRequest, code: Slug) -> chain_queries.ChainPage:
    """With its numbered list; for people of the circle."""
    me = member_of(request)
    return chain_queries.chain_page(chain=_chain(code, me), viewer=me, now=clock.now())


@router.post(
    "/chains/{code}/sign-ups",
    response={201: PlacedOut},
    summary="Sign up, or change my line",
    openapi_extra=refuses(
        chain_errors.NoSuchChain, chain_errors.ChainClosed, chain_errors.NotInChain, chain_errors.PaidAlready, *REFUSALS
    ),
)
def sign_up(request: HttpRequest, code: Slug, body: SignUpIn, idempotency_key: Key) -> dict[str, Any]:
    """Places an order that may be paid at once, or until some hours after the closing. An unpaid line is changed by doing it again."""
    me = member_of(request)
    order = chains.sign_up(
        chain=_chain(code, me), member=me, lines=[(one.sku_id, one.quantity) for one in body.lines], words=body.words,
        expected_amount_minor=body.expected_amount_minor, idempotency_key=idempotency_key,
        without_return=body.without_return, now=clock.now(),
    )  # fmt: skip
    return placed(order)


@router.delete(
    "/chains/{code}/sign-ups/mine",
    response={204: None},
    summary="Leave a chain",
    openapi_extra=refuses(chain_errors.NoSuchChain, chain_errors.NotSignedUp, chain_errors.TooLateToLeave),
)
def leave_chain(request: HttpRequest, code: Slug) -> None:
    """An unpaid order is cancelled, a paid one refunded in full until the closing."""
    me = member_of(request)
    chains.leave(chain=_chain(code, me), member=me, now=clock.now())


@router.post(
    "/chains/{code}/remind",
    response=RemindedOut,
    summary="Remind once",
    openapi_extra=refuses(
        chain_errors.NoSuchChain, chain_errors.NotOfTheChain, chain_errors.ChainClosed, chain_errors.RemindedBefore
    ),
)
def remind_chain(request: HttpRequest, code: Slug) -> dict[str, int]:
    """Who has not paid is asked to; people of the circle hear of it where they allow that. For who keeps the chain."""
    me = member_of(request)
    return {"told": chains.remind(chain=_chain(code, me), actor=me, now=clock.now())}


@router.post(
    "/chains/{code}/call-off",
    response=ChainOut,
    summary="Call a chain off",
    openapi_extra=refuses(chain_errors.NoSuchChain, chain_errors.NotOfTheChain, chain_errors.ChainClosed),
)
def call_off_chain(request: HttpRequest, code: Slug, body: CallOffIn) -> chain_queries.ChainPage:
    """Before its closing; everybody gets all of it back. For who keeps the chain; the staff does so at /staff/chains."""
    me, now = member_of(request), clock.now()
    found = _chain(code, me)
    if not chain_policies.is_keeper(me, found):
        raise chain_errors.NotOfTheChain()
    chains.call_off(chain=found, actor=me, reason=body.reason, now=now)
    return chain_queries.chain_page(chain=_chain(code, me), viewer=me, now=now)


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


@staff_router.put(
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


@staff_router.get("/staff/bargains", response=Page[BargainRowOut], summary="Every price that is asked for")
def list_every_bargain(
    request: HttpRequest, state: BargainState = "gathering", cursor: Cursor | None = None, limit: Limit = 20
) -> dict[str, Any]:
    """Newest first. Needs orders.view."""
    staff_of(request, "orders.view")
    return page_of(bargain_queries.every_bargain(state=state, before=cursor, limit=limit, now=clock.now()), limit)


@staff_router.get(
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


@staff_router.post(
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


@staff_router.post(
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
