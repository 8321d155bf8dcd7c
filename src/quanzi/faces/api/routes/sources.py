"""My own way in for others; the shop's sources, spend and the relation ledger."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from quanzi.faces.api.document import refuses
from quanzi.faces.api.routes.finding import circle_at, link_of
from quanzi.faces.api.schemas.common import Cursor, Day, Id, Key, Limit, Page, next_of, page_of
from quanzi.faces.api.schemas.staff import (
    FactOut,
    InvitationIn,
    InvitationOut,
    LedgerOut,
    SourceIn,
    SourceOut,
    SpendIn,
    SpendOut,
)
from quanzi.faces.api.security import member_of, staff_of
from quanzi.growth.insight.queries import Fact, RelationLedger, facts, relation_ledger
from quanzi.growth.insight.rules import Model
from quanzi.growth.sources import errors, queries, services
from quanzi.growth.sources.models import Source, Spend
from quanzi.kernel import clock
from quanzi.kernel.clock import midnight
from quanzi.kernel.errors import NotFound

mine = Router(tags=["sources"])
router = Router(tags=["staff"])
Column = Literal["visits", "contacts", "members", "circle_joins", "first_orders", "repeat_buyers", "margin"]
Offset = Annotated[int, Field(ge=0, le=100_000)]


@mine.post(
    "/me/invitations",
    response=InvitationOut,
    summary="My invitation link",
    openapi_extra=refuses(errors.TargetNotAPath),
)
def get_invitation(request: HttpRequest, body: InvitationIn) -> dict[str, str]:
    """To a page of this shop; asking again gives the same one. Whoever signs up through it is my guest."""
    source = services.invitation_for(member=member_of(request), target=body.target, now=clock.now())
    return {"token": source.token, "link": link_of(request, source.token), "target": source.target}


@router.get("/staff/sources", response=Page[SourceOut], summary="Sources")
def list_sources(
    request: HttpRequest, include_retired: bool = False, cursor: Cursor | None = None, limit: Limit = 20
) -> dict[str, Any]:
    """Every named way in, newest first. Needs sources.view."""
    staff_of(request, "sources.view")
    found = queries.sources(include_retired=include_retired)
    rows = list((found.filter(pk__lt=cursor) if cursor is not None else found)[:limit])
    visits = queries.visits_by_source() if rows else {}
    items = [_source(request, row, visits.get(row.pk, 0)) for row in rows]
    return {"items": items, "next": next_of(rows, limit, "pk")}


@router.post(
    "/staff/sources",
    response={201: SourceOut},
    summary="Make a source",
    openapi_extra=refuses(NotFound, errors.SourceNameNeeded, errors.TargetNotAPath, errors.UtmTaken),
)
def make_source(request: HttpRequest, body: SourceIn) -> dict[str, Any]:
    """A link with a token of its own. Needs sources.edit."""
    me = staff_of(request, "sources.edit")
    source = services.create_source(
        kind=body.kind, name=body.name, target=body.target, utm=body.utm, actor=me, now=clock.now(),
        circle=circle_at(body.circle) if body.circle else None,
    )  # fmt: skip
    return _source(request, source, 0)


@router.delete("/staff/sources/{source_id}", response={204: None}, summary="Retire a source")
def retire_source(request: HttpRequest, source_id: Id) -> None:
    """Its link still leads to its page but no longer counts. Needs sources.edit."""
    me = staff_of(request, "sources.edit")
    services.retire_source(source=_found(source_id), actor=me, now=clock.now())


@router.get("/staff/sources/{source_id}/spends", response=Page[SpendOut], summary="What was spent on a source")
def list_spends(request: HttpRequest, source_id: Id, cursor: Cursor | None = None, limit: Limit = 20) -> dict[str, Any]:
    """Newest first. Needs sources.view."""
    staff_of(request, "sources.view")
    return page_of(queries.spends(_found(source_id).pk, before=cursor, limit=limit), limit, "pk")


@router.post(
    "/staff/sources/{source_id}/spends",
    response={201: SpendOut},
    summary="Write down a spend",
    openapi_extra=refuses(errors.AmountNotPositive, errors.SpentInTheFuture),
)
def enter_spend(request: HttpRequest, source_id: Id, body: SpendIn, idempotency_key: Key) -> Spend:
    """Posted to the books, once for each key. Needs sources.edit."""
    me = staff_of(request, "sources.edit")
    return services.enter_spend(
        source=_found(source_id), amount_minor=body.amount_minor, spent_on=body.spent_on, what=body.what,
        key=f"api:{me.pk}:{idempotency_key}", actor=me, now=clock.now(),
    )  # fmt: skip


@router.get("/staff/relation-ledger", response=LedgerOut, summary="The relation ledger")
def get_ledger(request: HttpRequest, starts_on: Day, ends_on: Day, model: Model = Model.FIRST) -> RelationLedger:
    """What each source brought of the people who first arrived within [starts_on, ends_on) of the site's calendar.

    Totals are equal under every model. Needs sources.view.
    """
    staff_of(request, "sources.view")
    return relation_ledger(model=model, starts_at=_morning(starts_on), ends_at=_morning(ends_on), now=clock.now())


@router.get("/staff/relation-ledger/facts", response=list[FactOut], summary="The people behind a figure")
def list_facts(
    request: HttpRequest,
    column: Column,
    starts_on: Day,
    ends_on: Day,
    source_id: Id | None = None,
    model: Model = Model.FIRST,
    limit: Limit = 50,
    offset: Offset = 0,
) -> list[Fact]:
    """Newest first; without source_id those of the total. Needs sources.view."""
    staff_of(request, "sources.view")
    return facts(
        column=column, source_id=source_id, model=model, starts_at=_morning(starts_on), ends_at=_morning(ends_on),
        limit=limit, offset=offset, now=clock.now(),
    )  # fmt: skip


def _found(source_id: int) -> Source:
    source = Source.objects.filter(pk=source_id).first()
    if source is None:
        raise NotFound
    return source


def _morning(day: date) -> datetime:
    return midnight(day)


def _source(request: HttpRequest, row: Source, visits: int) -> dict[str, Any]:
    same = ("id", "kind", "name", "token", "target", "utm", "owner_id", "created_at", "retired_at")
    return {
        **{name: getattr(row, name) for name in same},
        "link": link_of(request, row.token),
        "visits": visits,
    }
