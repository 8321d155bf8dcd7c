"""Orders: placing, reading, calling off, receipt, keeping, claims."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router

from quanzi.faces.api.document import refuses
from quanzi.faces.api.routes.finding import own_pictures
from quanzi.faces.api.routes.ordering import REFUSALS, minutes_to_pay, ordering_of, placed
from quanzi.faces.api.routes.payments import payment_of
from quanzi.faces.api.schemas.claims import ClaimIn, ClaimOut, SentBackIn
from quanzi.faces.api.schemas.common import Cursor, Id, Key, Limit, Page, Slug, page_of
from quanzi.faces.api.schemas.orders import OrderIn, OrderOut, OrderRowOut, PlacedOut
from quanzi.faces.api.security import member_of
from quanzi.goods.stock.errors import OutOfStock
from quanzi.kernel import clock
from quanzi.kernel.errors import IllegalMove
from quanzi.people.accounts.errors import PictureNotYours
from quanzi.people.accounts.models import Member
from quanzi.trade.aftersales import errors as claim_errors
from quanzi.trade.aftersales import services as aftersales
from quanzi.trade.aftersales.queries import ClaimRow, of_lines
from quanzi.trade.aftersales.services.swapping import Where
from quanzi.trade.chains.errors import TooLateToLeave
from quanzi.trade.deals import errors as deal_errors
from quanzi.trade.deals.queries import team_of_order
from quanzi.trade.fulfilment.queries import Progress, progress
from quanzi.trade.payments.queries import of_payable
from quanzi.trade.rewards.errors import CouponNotForThis, CouponNotFree
from quanzi.trade.sales import errors, services
from quanzi.trade.sales.queries import OrderCard, OrderPage, my_orders, order_page

router = Router(tags=["orders"])
Group = Literal["all", "unpaid", "waiting", "under_way", "received", "ended"]


@router.post(
    "/orders",
    response={201: PlacedOut},
    summary="Place an order",
    openapi_extra=refuses(errors.EmptyOrder, errors.TooManyLines, CouponNotFree, CouponNotForThis, *REFUSALS),
)
def place_order(request: HttpRequest, body: OrderIn, idempotency_key: Key) -> dict[str, Any]:
    """Agrees on goods and price and holds the goods until pay_by. Pay for it next, at POST /orders/{number}/payments."""
    order = services.place_order(
        member=member_of(request), lines=[(line.sku_id, line.quantity) for line in body.lines], from_cart=body.from_cart,
        pay_within_minutes=minutes_to_pay(body.provider), now=clock.now(), **ordering_of(body, key=idempotency_key),
        context={"coupon_id": body.coupon_id} if body.coupon_id is not None else {},
    )  # fmt: skip
    return placed(order)


@router.get("/orders", response=Page[OrderRowOut], summary="My orders")
def list_orders(
    request: HttpRequest, group: Group = "all", cursor: Cursor | None = None, limit: Limit = 20
) -> dict[str, Any]:
    """Newest first, all or one group of them."""
    rows: list[OrderCard] = my_orders(member_id=member_of(request).pk, group=group, before_id=cursor, limit=limit)
    return page_of(rows, limit)


@router.get("/orders/{number}", response=OrderOut, summary="One order", openapi_extra=refuses(errors.NoSuchOrder))
def get_order(request: HttpRequest, number: Slug) -> dict[str, Any]:
    """For its buyer, the leader of its pickup point and the staff. The pickup code is told to the buyer only."""
    return _drawn(order_page(number, member_of(request)))


@router.post(
    "/orders/{number}/cancel",
    response=OrderOut,
    summary="Cancel an unpaid order",
    openapi_extra=refuses(errors.NoSuchOrder, IllegalMove),
)
def cancel_order(request: HttpRequest, number: Slug) -> dict[str, Any]:
    """The goods go back on sale. Again changes nothing."""
    me = member_of(request)
    page = _mine(number, me)
    services.cancel_order(
        order_id=page.card.id, actor=f"member:{me.pk}", reason="cancelled_by_buyer", member=me, now=clock.now()
    )
    return _drawn(order_page(number, me))


@router.post(
    "/orders/{number}/call-off",
    response=OrderOut,
    summary="Call a paid order off",
    openapi_extra=refuses(
        errors.NoSuchOrder, errors.NotRefundable, claim_errors.GoodsAreReady, deal_errors.CannotLeave, deal_errors.GoodsOnTheWay,
        TooLateToLeave,
    ),
)  # fmt: skip
def call_off(request: HttpRequest, number: Slug) -> dict[str, Any]:
    """Everything goes back at once while nothing is prepared; an order of a team follows the team's own rule."""
    me = member_of(request)
    aftersales.call_off(order_id=_mine(number, me).card.id, member=me, now=clock.now())
    return _drawn(order_page(number, me))


@router.post(
    "/orders/{number}/receipt",
    response=OrderOut,
    summary="Confirm receipt",
    openapi_extra=refuses(errors.NoSuchOrder, IllegalMove),
)
def confirm_receipt(request: HttpRequest, number: Slug) -> dict[str, Any]:
    """The windows for claims and returns begin. Again changes nothing."""
    me = member_of(request)
    services.confirm_receipt(order_id=_mine(number, me).card.id, member=me, now=clock.now())
    return _drawn(order_page(number, me))


@router.post(
    "/orders/{number}/lines/{line_id}/kept",
    response=OrderOut,
    summary="Say that I keep it",
    openapi_extra=refuses(errors.NoSuchLine, errors.NotReceived, errors.AlreadyReturned, errors.IsDisputed),
)
def say_kept(request: HttpRequest, number: Slug, line_id: Id) -> dict[str, Any]:
    """Waives no right: a lawful return later takes the line out of kept again."""
    me = member_of(request)
    _line_in(_mine(number, me), line_id)
    services.say_kept(line_id=line_id, member=me, now=clock.now())
    return _drawn(order_page(number, me))


@router.post(
    "/orders/{number}/lines/{line_id}/claims",
    response={201: ClaimOut},
    summary="Say what is wrong, and ask for money back",
    openapi_extra=refuses(
        errors.NoSuchLine, claim_errors.SayMore, claim_errors.NoteTooLong, claim_errors.TooManyPictures,
        claim_errors.TooLateToAsk, claim_errors.NoFreeReturn, claim_errors.AlreadyAsked, PictureNotYours, claim_errors.OtherGoods,
        claim_errors.NotArrived, OutOfStock, errors.AddressNeeded, errors.PointNeeded,
    ),
)  # fmt: skip
def open_claim(request: HttpRequest, number: Slug, line_id: Id, body: ClaimIn) -> ClaimRow:
    """A person of the staff answers. A line that is not kept yet stays out of kept until then.

    Sending back within the seven days, and an exchange, is agreed at once: giving_back says until when to send.
    """
    me = member_of(request)
    _line_in(_mine(number, me), line_id)
    pictures = own_pictures(body.picture_ids, member=me, field="picture_ids")
    aftersales.ask(line_id=line_id, member=me, reason=body.reason, note=body.note, pictures=pictures, for_sku_id=body.for_sku_id,
                   where=Where(**body.goes_to.model_dump()) if body.goes_to else None, now=clock.now())  # fmt: skip
    return of_lines([line_id])[line_id]


@router.post(
    "/me/claims/{claim_id}/sent",
    response=ClaimOut,
    summary="Say that I sent it back",
    openapi_extra=refuses(claim_errors.NoSuchClaim, claim_errors.CarrierNeeded, IllegalMove),
)
def send_back(request: HttpRequest, claim_id: Id, body: SentBackIn) -> ClaimRow:
    """When it has arrived, the money follows within seven days."""
    found = aftersales.send(
        claim_id=claim_id, member=member_of(request), carrier=body.carrier, tracking=body.tracking, now=clock.now()
    )
    return of_lines([found.claim.line_id])[found.claim.line_id]


@router.delete(
    "/me/claims/{claim_id}",
    response={204: None},
    summary="Take a claim back",
    openapi_extra=refuses(claim_errors.NoSuchClaim, claim_errors.GoodsCameBack, IllegalMove),
)
def withdraw_claim(request: HttpRequest, claim_id: Id) -> None:
    """While it is being looked into."""
    aftersales.withdraw(claim_id=claim_id, member=member_of(request), now=clock.now())


def _mine(number: str, me: Member) -> OrderPage:
    """An order of the caller's own. Raises NoSuchOrder, also for one that staff may look at."""
    page = order_page(number, me)
    if not page.is_mine:
        raise errors.NoSuchOrder
    return page


def _line_in(page: OrderPage, line_id: int) -> None:
    if all(line.id != line_id for line in page.lines):
        raise errors.NoSuchLine


def _drawn(page: OrderPage) -> dict[str, Any]:
    how_far = progress(order_id=page.card.id)
    same = (
        "card", "goods", "freight", "discount", "note", "ship_to", "point", "is_mine", "steps", "moves", "refunds",
        "handed_over_at", "received_at", "completed_at", "ended_at", "may_pay", "may_cancel", "may_confirm_receipt",
    )  # fmt: skip
    return {
        **{name: getattr(page, name) for name in same},
        "progress": _without_code(how_far) if how_far is not None and not page.is_mine else how_far,
        "claims": list(of_lines([line.id for line in page.lines]).values()),
        "payments": [payment_of(one, page.card.number) for one in of_payable("order", page.card.id)]
        if page.is_mine
        else [],
        "team": team_of_order(page.card.id),
    }


def _without_code(how_far: Progress) -> dict[str, Any]:
    return {**vars(how_far), "pickup_code": ""}
