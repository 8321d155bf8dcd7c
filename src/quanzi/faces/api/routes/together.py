"""Sign-up chains of circles."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from quanzi.faces.api.document import refuses
from quanzi.faces.api.routes.finding import circle_at
from quanzi.faces.api.routes.ordering import REFUSALS, placed
from quanzi.faces.api.schemas.common import Cursor, Key, Limit, Page, Slug, page_of
from quanzi.faces.api.schemas.orders import PlacedOut
from quanzi.faces.api.schemas.together import (
    CallOffIn,
    ChainIn,
    ChainOut,
    ChainRowOut,
    RemindedOut,
    SignUpIn,
)
from quanzi.faces.api.security import member_of
from quanzi.kernel import clock
from quanzi.kernel.errors import Errors
from quanzi.people.accounts.models import Member
from quanzi.trade.chains import errors as chain_errors
from quanzi.trade.chains import policies as chain_policies
from quanzi.trade.chains import queries as chain_queries
from quanzi.trade.chains import services as chains
from quanzi.trade.chains.models import Chain
from quanzi.trade.chains.services.opening import Good
from quanzi.trade.sales.errors import PointNeeded

router = Router(tags=["deals"])


def _chain(code: str, me: Member) -> Chain:
    found = chain_queries.find_chain(code, viewer=me)
    if found is None:
        raise chain_errors.NoSuchChain()
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
