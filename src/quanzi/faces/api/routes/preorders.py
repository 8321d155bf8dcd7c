"""Preorders: what is planned, a place of one's own, its deposit, its balance."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from ninja import Router

from quanzi.faces.api.document import needs_scope, refuses
from quanzi.faces.api.routes.ordering import REFUSALS, ordering_of, placed
from quanzi.faces.api.routes.payments import payment_of
from quanzi.faces.api.schemas.common import Cursor, Id, Key, Limit, Method, Page, page_of
from quanzi.faces.api.schemas.orders import PlacedOut
from quanzi.faces.api.schemas.payments import PayIn, PaymentOut
from quanzi.faces.api.schemas.preorders import (
    BalanceIn,
    BalanceQuoteOut,
    DateAnswerIn,
    PlaceIn,
    PreorderOut,
    PreorderPageOut,
    PreorderPlaceOut,
    PreorderPlacePageOut,
)
from quanzi.faces.api.security import EVERYBODY, member_of
from quanzi.goods.pricing.errors import NotSentThere
from quanzi.goods.pricing.services import QuoteLine, quote
from quanzi.kernel import clock
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.trade.payments import errors as payment_errors
from quanzi.trade.payments.services import start
from quanzi.trade.preorders import errors, queries, services
from quanzi.trade.preorders.rules import DEPOSIT
from quanzi.trade.sales import errors as sales_errors

router = Router(tags=["deals"])


@router.get("/preorders", auth=EVERYBODY, response=list[PreorderOut], summary="Batches that take part")
def list_preorders(request: HttpRequest) -> list[queries.PreorderCard]:
    """Those that take deposits, the nearest end first, then those being made."""
    return queries.open_cards(now=clock.now())


@router.get(
    "/preorders/{preorder_id}",
    auth=EVERYBODY,
    response=PreorderPageOut,
    summary="One batch",
    openapi_extra=refuses(errors.NoSuchPreorder),
)
def get_preorder(request: HttpRequest, preorder_id: Id) -> dict[str, Any]:
    """Its true numbers, and what happened and comes."""
    page = queries.preorder_page(preorder_id=preorder_id, now=clock.now())
    return {"preorder": page.card, "people": page.people, "timeline": page.timeline}


@router.post(
    "/preorders/{preorder_id}/places",
    response={201: PreorderPlacePageOut},
    summary="Ask for a place",
    openapi_extra=refuses(
        errors.NoSuchPreorder, errors.NotOfPreorder, errors.PreorderClosed, errors.TooManyEach, errors.PreorderFull,
        errors.HasPlace, sales_errors.KeyReused,
    ),
)  # fmt: skip
def ask_place(request: HttpRequest, preorder_id: Id, body: PlaceIn, idempotency_key: Key) -> dict[str, Any]:
    """It waits half an hour for its deposit and counts when that is paid."""
    me, now = member_of(request), clock.now()
    place = services.ask_place(
        preorder_id=preorder_id, member=me, idempotency_key=idempotency_key, now=now, **body.model_dump()
    )
    return _page(place.pk, me)


@router.get("/me/preorders", response=Page[PreorderPlaceOut], summary="My places in preorders")
def list_my_places(request: HttpRequest, cursor: Cursor | None = None, limit: Limit = 20) -> dict[str, Any]:
    """Newest first."""
    rows = queries.my_places(member_id=member_of(request).pk, now=clock.now(), before_id=cursor, limit=limit)
    return page_of(rows, limit)


@router.get(
    "/me/preorders/{place_id}",
    response=PreorderPlacePageOut,
    summary="One place of mine",
    openapi_extra=refuses(errors.NoSuchPlace),
)
def get_my_place(request: HttpRequest, place_id: Id) -> dict[str, Any]:
    """What is paid, what comes next, and what I am asked about its date."""
    return _page(place_id, member_of(request))


@router.post(
    "/me/preorders/{place_id}/payments",
    response={201: PaymentOut},
    summary="Begin to pay a deposit",
    openapi_extra=needs_scope(
        "payments:write", errors.NoSuchPlace, payment_errors.NoSuchProvider, payment_errors.NotPayable, payment_errors.KeyReused,
        payment_errors.ProviderRefused, payment_errors.ProviderSilent,
    ),
)  # fmt: skip
def start_deposit(request: HttpRequest, place_id: Id, body: PayIn, idempotency_key: Key) -> dict[str, Any]:
    """Send the payer to pay_url; the payment's `order` is empty. After a 503 ask again with the same key."""
    me, now = member_of(request), clock.now()
    queries.place_page(place_id=place_id, member_id=me.pk, now=now)
    back_to = request.build_absolute_uri(reverse("storefront:deposit_return", args=[place_id]))
    started = start(
        payable_kind=DEPOSIT, payable_id=place_id, provider=body.provider, member_id=me.pk,
        idempotency_key=f"api:{me.pk}:{idempotency_key}", return_url=back_to, now=now,
    )  # fmt: skip
    return payment_of(started.payment, "")


@router.post(
    "/me/preorders/{place_id}/leave",
    response=PreorderPlacePageOut,
    summary="Leave a preorder",
    openapi_extra=refuses(errors.NoSuchPlace, errors.PaidInFull),
)
def leave_preorder(request: HttpRequest, place_id: Id) -> dict[str, Any]:
    """At any moment until the balance is paid; the whole deposit goes back."""
    me = member_of(request)
    services.leave(place_id=place_id, member=me, now=clock.now())
    return _page(place_id, me)


@router.post(
    "/me/preorders/{place_id}/date",
    response=PreorderPlacePageOut,
    summary="Answer about another date",
    openapi_extra=refuses(errors.NoSuchPlace, errors.NothingAsked),
)
def answer_date(request: HttpRequest, place_id: Id, body: DateAnswerIn) -> dict[str, Any]:
    """Yes keeps the place; no gives everything back at once. The first answer counts."""
    me = member_of(request)
    services.answer_date(place_id=place_id, member=me, agrees=body.agrees, now=clock.now())
    return _page(place_id, me)


@router.get(
    "/me/preorders/{place_id}/balance",
    response=BalanceQuoteOut,
    summary="What the balance costs",
    openapi_extra=refuses(errors.NoSuchPlace, NotSentThere),
)
def get_balance(
    request: HttpRequest, place_id: Id, method: Method = "delivery", address_id: Id | None = None
) -> dict[str, Any]:
    """The goods at the agreed price, with freight to the address, and what the deposit leaves of it."""
    me, now = member_of(request), clock.now()
    card = queries.place_page(place_id=place_id, member_id=me.pk, now=now).card
    context = {"preorder_id": card.preorder.id, "apart": card.sku_id, "method": method}
    if address_id is not None:
        context["address_id"] = address_id
    priced = quote(lines=[QuoteLine(card.sku_id, card.quantity)], member_id=me.pk, context=context, now=now)
    freight = Money(priced.freight_minor, priced.currency)
    return {
        "amount": priced.amount,
        "freight": freight,
        "deposit": card.deposit,
        "to_pay": priced.amount - card.deposit,
    }


@router.post(
    "/me/preorders/{place_id}/balance",
    response={201: PlacedOut},
    summary="Order the balance",
    openapi_extra=refuses(errors.NoSuchPlace, errors.BalanceNotAsked, errors.PaidInFull, *REFUSALS),
)
def order_balance(request: HttpRequest, place_id: Id, body: BalanceIn, idempotency_key: Key) -> dict[str, Any]:
    """An order over the full price; its payment asks for what the deposit leaves. An unpaid one from before is replaced."""
    me, now = member_of(request), clock.now()
    ordering = ordering_of(body, key=idempotency_key)
    return placed(services.order_balance(place_id=place_id, member=me, now=now, **ordering))


def _page(place_id: int, me: Member) -> dict[str, Any]:
    page = queries.place_page(place_id=place_id, member_id=me.pk, now=clock.now())
    return {"place": page.card, "question": page.question, "timeline": page.timeline}
