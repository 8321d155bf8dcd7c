"""Coupons: taken and read by members, made, ended and given by the staff."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status

from quanzi.faces.api.document import needs_scope, refuses
from quanzi.faces.api.routes.staff_orders import asked_out
from quanzi.faces.api.schemas.common import Cursor, Id, Key, Limit, Page, Slug, page_of
from quanzi.faces.api.schemas.coupons import (
    CouponCodeIn,
    CouponIn,
    CouponOut,
    CouponPageOut,
    GiveCouponIn,
    MyCouponOut,
    StaffCouponOut,
)
from quanzi.faces.api.schemas.staff import AskedOut
from quanzi.faces.api.security import member_of, staff_of
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.approvals.errors import KeyReused
from quanzi.people.approvals.models import Approval
from quanzi.trade.rewards import errors, policies, queries, services
from quanzi.trade.sales import errors as sales

router = Router(tags=["orders"])
staff = Router(tags=["staff"])
TAKING = (errors.NotTakenNow, errors.AllTaken, errors.TakenBefore, errors.CircleOnly)


@router.get("/coupons", response=list[CouponOut], summary="Coupons that I can take")
def list_coupons(request: HttpRequest) -> list[queries.Offer]:
    """On their page, now, by me; what ends first, first."""
    return queries.open_offers(member=member_of(request), now=clock.now())


@router.get("/me/coupons", response=list[MyCouponOut], summary="My coupons")
def list_my_coupons(request: HttpRequest) -> list[queries.Mine]:
    """Free ones first. Give the id of one as coupon_id to a quote and an order."""
    return queries.my_coupons(member=member_of(request), now=clock.now())


@router.post(
    "/coupons/{code}/take",
    response={201: MyCouponOut},
    summary="Take a coupon",
    openapi_extra=refuses(errors.NoSuchCoupon, sales.KeyReused, *TAKING),
)
def take_coupon(request: HttpRequest, code: Slug, idempotency_key: Key) -> queries.Mine:
    """Of those that are taken on a page; never above what one person gets. The same key finds the coupon that it took."""
    me, now = member_of(request), clock.now()
    taken = services.take_coupon(code=code, member=me, idempotency_key=f"api:{idempotency_key}", now=now)
    return queries.my_coupon(taken_id=taken.pk, member=me, now=now)


@router.post(
    "/me/coupons",
    response={201: MyCouponOut},
    summary="Take what a code holds",
    openapi_extra=refuses(errors.CodeHoldsNothing, errors.TooManyCodes, errors.TakenBefore, sales.KeyReused),
)
def take_by_code(request: HttpRequest, body: CouponCodeIn, idempotency_key: Key) -> queries.Mine:
    """Ten tries an hour, all counted; one answer whatever is in the way. The same key finds the coupon that it took."""
    me, now = member_of(request), clock.now()
    taken = services.take_by_code(code=body.code, member=me, idempotency_key=f"api:{idempotency_key}", now=now)
    return queries.my_coupon(taken_id=taken.pk, member=me, now=now)


@staff.get("/staff/coupons", response=Page[StaffCouponOut], summary="All coupons")
def list_all_coupons(request: HttpRequest, cursor: Cursor | None = None, limit: Limit = 50) -> dict[str, Any]:
    """Newest first. Needs orders.view; the code of one that is taken by its code is told to whoever makes coupons."""
    me = staff_of(request, "orders.view")
    rows = [_told(one, me) for one in queries.all_offers(before_id=cursor, limit=limit)]
    return page_of(rows, limit)


@staff.get(
    "/staff/coupons/{coupon_id}",
    response=CouponPageOut,
    summary="One coupon and what became of it",
    openapi_extra=refuses(errors.NoSuchCoupon),
)
def get_coupon(request: HttpRequest, coupon_id: Id) -> dict[str, Any]:
    """Counted from the coupons and the orders that have them. Needs orders.view."""
    return _page(coupon_id, staff_of(request, "orders.view"))


@staff.post(
    "/staff/coupons",
    response={201: CouponPageOut},
    summary="Make a coupon",
    openapi_extra=refuses(errors.BadCoupon, errors.AmountOrShare, errors.OffTooMuch),
)
def make_coupon(request: HttpRequest, body: CouponIn) -> dict[str, Any]:
    """Its terms are never edited. Needs shop.edit."""
    me = staff_of(request, "shop.edit")
    made = services.make_coupon(terms=services.Terms(**body.model_dump()), actor=me, now=clock.now())
    return _page(made.pk, me)


@staff.post(
    "/staff/coupons/{coupon_id}/end",
    response=CouponPageOut,
    summary="Call a coupon off",
    openapi_extra=refuses(errors.NoSuchCoupon),
)
def end_coupon(request: HttpRequest, coupon_id: Id) -> dict[str, Any]:
    """Nobody takes it any more; whoever has it keeps it. Again changes nothing. Needs shop.edit."""
    me = staff_of(request, "shop.edit")
    services.end_coupon(coupon_id=coupon_id, actor=me, now=clock.now())
    return _page(coupon_id, me)


@staff.post(
    "/staff/coupons/{coupon_id}/give",
    response={201: CouponPageOut, 202: AskedOut},
    summary="Give a coupon to a member",
    openapi_extra=needs_scope(
        "staff:money", errors.NoSuchCoupon, errors.ReasonNeeded, errors.NotToYourself, KeyReused, *TAKING
    ),
)
def give_coupon(request: HttpRequest, coupon_id: Id, body: GiveCouponIn, idempotency_key: Key) -> Status[Any]:
    """Goodwill; above the limit of the day a second person is asked first (202). Needs orders.refund."""
    me = staff_of(request, policies.GIVING)
    done = services.give_or_ask(
        coupon_id=coupon_id, staff=me, idempotency_key=f"api:{idempotency_key}"[:80], now=clock.now(), **body.model_dump()
    )  # fmt: skip
    return Status(202, asked_out(done)) if isinstance(done, Approval) else Status(201, _page(coupon_id, me))


def _told(offer: queries.Offer, me: Member) -> queries.Offer:
    return offer if offer.way != "code" or policies.may_make(me) else replace(offer, code="")


def _page(coupon_id: int, me: Member) -> dict[str, Any]:
    offer = queries.offer_by_id(coupon_id)
    if offer is None:
        raise errors.NoSuchCoupon
    return {"coupon": _told(offer, me), "counts": queries.counts(offer, now=clock.now())}
