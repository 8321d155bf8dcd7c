"""Stores and pay links: for buyers, for keepers, for whoever asks for money."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from ninja import Router

from quanzi.faces.api.document import refuses
from quanzi.faces.api.routes.ordering import REFUSALS, ordering_of, placed
from quanzi.faces.api.schemas.common import Id, Key, Slug
from quanzi.faces.api.schemas.orders import PlacedOut
from quanzi.faces.api.schemas.stores import (
    AmountIn,
    AnswerAmountIn,
    CounterOrderIn,
    LinkOrderIn,
    PayLinkIn,
    PayLinkOut,
    ShelfCountsIn,
    ShelfLineOut,
    StoreEventIn,
    StoreEventOut,
    StoreIn,
    StoreOut,
    StorePageOut,
    TillOut,
)
from quanzi.faces.api.security import EVERYBODY, member_of, viewer_of
from quanzi.kernel import clock
from quanzi.kernel.errors import Errors, IllegalMove, InvalidInput, NotAllowed
from quanzi.people.accounts.models import Member
from quanzi.trade.stores import errors, queries, services

router = Router(tags=["stations"])


@router.get("/stores", auth=EVERYBODY, response=list[StoreOut], summary="Stores")
def list_stores(request: HttpRequest) -> list[queries.StoreCard]:
    """Open ones."""
    return queries.stores()


@router.get(
    "/stores/{code}", auth=EVERYBODY, response=StorePageOut, summary="One store", openapi_extra=refuses(errors.NoSuchStore)
)  # fmt: skip
def get_store(request: HttpRequest, code: Slug) -> dict[str, Any]:
    """With what stands there now, and what happens there."""
    found = queries.store_by_code(code)
    events = queries.coming_events(store_id=found.id, now=clock.now())
    return asdict(found) | {"shelf": queries.shelf(store_id=found.id), "events": events}


@router.post(
    "/stores/{code}/orders",
    response={201: PlacedOut},
    summary="Order at the counter",
    openapi_extra=refuses(errors.NoSuchStore, errors.StoreShut, errors.NotOnShelf, *REFUSALS),
)
def order_at_counter(request: HttpRequest, code: Slug, body: CounterOrderIn, idempotency_key: Key) -> dict[str, Any]:
    """Goods of the store's shelf. Once paid the buyer has a pickup code, and the till shows it."""
    order = services.order_at_counter(
        store_code=code, member=member_of(request), lines=[(line.sku_id, line.quantity) for line in body.lines], spot=body.spot,
        note=body.note, without_return=body.without_return, expected_amount_minor=body.expected_amount_minor,
        idempotency_key=idempotency_key, now=clock.now(),
    )  # fmt: skip
    return placed(order)


@router.post(
    "/stores/{code}/amounts",
    response={201: PayLinkOut},
    summary="Ask the store to confirm an amount",
    openapi_extra=refuses(
        errors.NoSuchStore, errors.StoreShut, errors.NoAmounts, errors.AskedAlready, errors.BadAmount, errors.KeyReused, Errors
    ),
)  # fmt: skip
def ask_amount(request: HttpRequest, code: Slug, body: AmountIn, idempotency_key: Key) -> queries.LinkCard:
    """What the buyer typed at the counter. Once confirmed, it is ordered through its pay link."""
    me, now = member_of(request), clock.now()
    made = services.ask_amount(
        store_code=code, member=me, what=body.what, amount_minor=body.amount_minor, idempotency_key=idempotency_key, now=now
    )  # fmt: skip
    return queries.link_card(made.code, viewer=me, now=now)


@router.get(
    "/stores/{code}/till", response=TillOut, summary="The till of a store", openapi_extra=refuses(errors.NoSuchStore)
)
def get_till(request: HttpRequest, code: Slug) -> queries.Till:
    """For its keeper and staff who hand goods over: amounts to confirm, who paid, who is paying."""
    return queries.till(store_id=_kept(member_of(request), code).id, now=clock.now())


@router.put(
    "/stores/{code}/shelf",
    response=list[ShelfLineOut],
    summary="Count the shelf",
    openapi_extra=refuses(errors.NoSuchStore, errors.BadShelfCount, InvalidInput),
)
def count_shelf(request: HttpRequest, code: Slug, body: ShelfCountsIn) -> list[queries.ShelfLine]:
    """So many stand there now, also what is paid and not fetched; the answer is the whole shelf."""
    me, now = member_of(request), clock.now()
    store = _kept(me, code)
    services.count_shelf(store_id=store.id, counts={one.sku_id: one.units for one in body.counts}, by=me, now=now)
    return queries.shelf(store_id=store.id, with_empty=True)


@router.put(
    "/stores/{code}", response=StoreOut, summary="Change what a store says of itself", openapi_extra=refuses(errors.NoSuchStore, Errors)
)  # fmt: skip
def change_store(request: HttpRequest, code: Slug, body: StoreIn) -> queries.StoreCard:
    """By who keeps it. Name, address and hours are the pickup point's."""
    me, now = member_of(request), clock.now()
    values = body.model_dump()
    services.change_store(store_id=_kept(me, code).id, by=me, actor=f"member:{me.pk}", now=now, **values)
    return queries.store_by_code(code)


@router.post(
    "/stores/{code}/events",
    response={201: list[StoreEventOut]},
    summary="Tell of something that happens in a store",
    openapi_extra=refuses(errors.NoSuchStore, errors.BadEventTimes, Errors),
)
def plan_event(request: HttpRequest, code: Slug, body: StoreEventIn) -> list[queries.EventCard]:
    """Shown until it is over; the answer is what is on and still to come."""
    me, now = member_of(request), clock.now()
    store = _kept(me, code)
    services.plan_event(store_id=store.id, by=me, now=now, **body.model_dump())
    return queries.coming_events(store_id=store.id, now=now)


@router.post(
    "/stores/{code}/events/{event_id}/call-off",
    response=list[StoreEventOut],
    summary="Call an event of a store off",
    openapi_extra=refuses(errors.NoSuchStore),
)
def call_off_event(request: HttpRequest, code: Slug, event_id: Id) -> list[queries.EventCard]:
    """It stays on the page as called off; again changes nothing."""
    me, now = member_of(request), clock.now()
    store = _kept(me, code)
    services.call_off_event(event_id=event_id, by=me, now=now)
    return queries.coming_events(store_id=store.id, now=now)


@router.post(
    "/pay-links",
    response={201: PayLinkOut},
    summary="Make a pay link",
    openapi_extra=refuses(
        NotAllowed, errors.NoSuchStore, errors.LinkChoice, errors.BadAmount, errors.BadUses, errors.BadHours, errors.KeyReused, Errors
    ),
)  # fmt: skip
def make_pay_link(request: HttpRequest, body: PayLinkIn, idempotency_key: Key) -> queries.LinkCard:
    """For goods by leaders, keepers and staff who handle orders; for an amount in words by staff with goods.edit."""
    me, now = member_of(request), clock.now()
    shared: dict[str, Any] = {
        "store_id": _kept(me, body.store_code).id if body.store_code else None, "uses": body.uses,
        "lives": timedelta(hours=body.hours), "by": me, "idempotency_key": idempotency_key, "now": now,
    }  # fmt: skip
    if (body.sku_id is None) == (not body.what):
        raise errors.LinkChoice(field="sku_id")
    if body.sku_id is not None:
        made = services.link_goods(sku_id=body.sku_id, quantity=body.quantity, **shared)
    else:
        made = services.link_amount(
            what=body.what, amount_minor=body.amount_minor, return_rule=body.return_rule, **shared
        )
    return queries.link_card(made.code, viewer=me, now=now)


@router.get(
    "/pay-links/{code}", auth=EVERYBODY, response=PayLinkOut, summary="What a pay link asks for", openapi_extra=refuses(errors.NoSuchPayLink)
)  # fmt: skip
def get_pay_link(request: HttpRequest, code: Slug) -> queries.LinkCard:
    """For everybody who has it; an amount typed at a counter for the one who typed it."""
    return queries.link_card(code, viewer=viewer_of(request), now=clock.now())


@router.post(
    "/pay-links/{code}/orders",
    response={201: PlacedOut},
    summary="Order through a pay link",
    openapi_extra=refuses(errors.NoSuchPayLink, errors.LinkOver, errors.LinkUsedUp, errors.StoreShut, *REFUSALS),
)
def order_by_link(request: HttpRequest, code: Slug, body: LinkOrderIn, idempotency_key: Key) -> dict[str, Any]:
    """An order like every other: escrow, returns, claims and a receipt."""
    values = ordering_of(body, key=idempotency_key)
    return placed(services.order_by_link(code=code, member=member_of(request), now=clock.now(), **values))


@router.post(
    "/pay-links/{link_id}/answer",
    response=PayLinkOut,
    summary="Confirm or decline a typed amount",
    openapi_extra=refuses(errors.NoSuchPayLink, errors.LinkOver, IllegalMove),
)
def answer_amount(request: HttpRequest, link_id: Id, body: AnswerAmountIn) -> queries.LinkCard:
    """By who keeps the store, never by who typed it."""
    now = clock.now()
    link = services.answer_amount(link_id=link_id, confirm=body.confirm, by=member_of(request), now=now)
    return queries.link_card(link.code, viewer=link.only_for, now=now)


@router.post(
    "/pay-links/{link_id}/close",
    response=PayLinkOut,
    summary="Close a pay link",
    openapi_extra=refuses(errors.NoSuchPayLink),
)
def close_pay_link(request: HttpRequest, link_id: Id) -> queries.LinkCard:
    """Nobody orders through it any more; who has ordered may still pay."""
    now = clock.now()
    link = services.close_link(link_id=link_id, by=member_of(request), now=now)
    return queries.link_card(link.code, viewer=link.only_for, now=now)


def _kept(me: Member, code: str) -> queries.StoreCard:
    found = next((one for one in queries.stores_kept(me) if one.code == code.lower()), None)
    if found is None:
        raise errors.NoSuchStore()
    return found
