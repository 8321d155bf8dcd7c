"""Group deals for the staff."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router

from quanzi.faces.api.document import refuses
from quanzi.faces.api.routes.finding import circle_at
from quanzi.faces.api.routes.staff_goods import sku_at
from quanzi.faces.api.schemas.common import Cursor, Id, Limit, Page, next_of
from quanzi.faces.api.schemas.staff_deals import DealIn, StaffDealOut, StaffTeamOut
from quanzi.faces.api.security import staff_of
from quanzi.faces.console.reading.teams import DealRow, deal_by_id, deal_rows, deal_standing, team_rows
from quanzi.goods.stock.errors import UnknownSku
from quanzi.kernel import clock
from quanzi.kernel.clock import midnight
from quanzi.kernel.errors import Errors
from quanzi.trade.deals import errors, services
from quanzi.trade.deals.queries import step_rows, totals

router = Router(tags=["staff"])
Group = Literal["forming", "succeeded", "failed", "all"]


@router.get("/staff/deals", response=Page[StaffDealOut], summary="Every group deal")
def list_every_deal(request: HttpRequest, cursor: Cursor | None = None, limit: Limit = 20) -> dict[str, Any]:
    """Newest first, with what became of their teams. Needs orders.view."""
    staff_of(request, "orders.view")
    rows = deal_rows(before_id=cursor, limit=limit, now=clock.now())
    return {"items": [_deal(row) for row in rows], "next": next_of([row.deal for row in rows], limit, "pk")}


@router.post(
    "/staff/deals",
    response={201: StaffDealOut},
    summary="Offer a group deal",
    openapi_extra=refuses(
        UnknownSku, Errors, errors.BadTerms, errors.NotCheaper, errors.StepNotCheaper, errors.EndsTooEarly
    ),
)
def make_deal(request: HttpRequest, body: DealIn) -> dict[str, Any]:
    """Members can open teams at once. Needs goods.edit."""
    me, now = staff_of(request, "goods.edit"), clock.now()
    made = services.create_deal(
        sku=sku_at(body.sku_id), circle=circle_at(body.circle) if body.circle else None,
        ends_at=midnight(body.ends_on + timedelta(days=1)) if body.ends_on else None, actor=me, now=now,
        steps=[(step.people, step.price_minor) for step in body.steps],
        **body.model_dump(exclude={"sku_id", "circle", "ends_on", "steps"}),
    )  # fmt: skip
    return _shown(made.pk)


@router.post(
    "/staff/deals/{deal_id}/stop",
    response=StaffDealOut,
    summary="Stop a deal",
    openapi_extra=refuses(errors.NoSuchDeal),
)
def stop_deal(request: HttpRequest, deal_id: Id) -> dict[str, Any]:
    """No new teams; those that are forming go on to their deadline. Needs goods.edit."""
    me = staff_of(request, "goods.edit")
    if deal_by_id(deal_id) is None:
        raise errors.NoSuchDeal
    services.stop_deal(deal_id=deal_id, actor=me, now=clock.now())
    return _shown(deal_id)


@router.get("/staff/teams", response=Page[StaffTeamOut], summary="Every team")
def list_every_team(
    request: HttpRequest,
    group: Group = "forming",
    deal_id: Id | None = None,
    cursor: Cursor | None = None,
    limit: Limit = 20,
) -> dict[str, Any]:
    """Newest first, with the money of their live seats. Needs orders.view."""
    staff_of(request, "orders.view")
    rows = team_rows(group=group, deal_id=deal_id, before_id=cursor, limit=limit, now=clock.now())
    items = [
        {**{name: getattr(row.team, name) for name in ("id", "code", "deal_id", "team_size", "most_seats",
                                                    "final_minor", "deadline")},
         "standing": row.standing, "missing": row.missing, "paid_minor": row.paid_minor, "people": list(row.people)}
        for row in rows
    ]  # fmt: skip
    return {"items": items, "next": next_of([row.team for row in rows], limit, "pk")}


def _shown(deal_id: int) -> dict[str, Any]:
    found = deal_by_id(deal_id)
    assert found is not None
    return _deal(DealRow(found, totals(deal_ids=[deal_id])[deal_id], deal_standing(found, clock.now())))


def _deal(row: DealRow) -> dict[str, Any]:
    same = ("id", "sku_id", "team_size", "newcomers_only", "starts_at", "ends_at", "stopped_at")
    return {
        **{name: getattr(row.deal, name) for name in same},
        "product_name": row.deal.sku.product.name,
        "price": {"minor": row.deal.price_minor, "currency": row.deal.currency},
        "steps": step_rows(row.deal),
        "standing": row.standing,
        "totals": row.totals,
    }
