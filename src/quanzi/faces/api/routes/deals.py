"""Group deals and teams."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from quanzi.faces.api.document import refuses
from quanzi.faces.api.routes.ordering import REFUSALS, ordering_of, placed
from quanzi.faces.api.schemas.common import Cursor, Id, Key, Limit, Page, Slug, page_of
from quanzi.faces.api.schemas.goods import OfferOut
from quanzi.faces.api.schemas.orders import PlacedOut
from quanzi.faces.api.schemas.teams import SeatIn, TeamOut, TeamRowOut
from quanzi.faces.api.security import EVERYBODY, member_of, viewer_of
from quanzi.growth.sources.queries import owner_of
from quanzi.kernel import clock
from quanzi.trade.deals import errors, queries, services

router = Router(tags=["deals"])


@router.get("/deals", auth=EVERYBODY, response=Page[OfferOut], summary="Group deals that take new teams")
def list_deals(
    request: HttpRequest, circle_id: Id | None = None, cursor: Cursor | None = None, limit: Limit = 20
) -> dict[str, Any]:
    """Newest first; those of a circle only for whoever may read it."""
    rows = queries.open_deals(
        viewer=viewer_of(request), circle_id=circle_id, before=cursor, limit=limit, now=clock.now()
    )
    return page_of(rows, limit)


@router.get(
    "/deals/{deal_id}", auth=EVERYBODY, response=OfferOut, summary="One deal", openapi_extra=refuses(errors.NoSuchDeal)
)
def get_deal(request: HttpRequest, deal_id: Id) -> queries.DealOffer:
    """Also one that is over."""
    found = queries.deal_page(deal_id=deal_id, viewer=viewer_of(request), now=clock.now())
    if found is None:
        raise errors.NoSuchDeal
    return found


@router.post(
    "/deals/{deal_id}/teams",
    response={201: PlacedOut},
    summary="Open a team",
    openapi_extra=refuses(
        errors.NoSuchDeal, errors.NotInCircle, errors.DealClosed, errors.LimitReached, errors.BadSeatQuantity, *REFUSALS
    ),
)
def open_team(request: HttpRequest, deal_id: Id, body: SeatIn, idempotency_key: Key) -> dict[str, Any]:
    """Places the order of its first seat, which is held until the order is paid."""
    _, order = services.open_team(
        deal_id=deal_id, member=member_of(request), quantity=body.quantity, now=clock.now(),
        **ordering_of(body, key=idempotency_key),
    )  # fmt: skip
    return placed(order)


@router.get("/teams", auth=EVERYBODY, response=list[TeamRowOut], summary="Teams that still take people")
def list_teams(
    request: HttpRequest, product_id: Id | None = None, circle_id: Id | None = None, limit: Limit = 20
) -> list[queries.TeamCard]:
    """With at least one paid seat, the nearest to success first."""
    return queries.open_teams(
        viewer=viewer_of(request), product_id=product_id, circle_id=circle_id, limit=limit, now=clock.now()
    )


@router.get("/me/teams", response=Page[TeamRowOut], summary="My teams")
def list_my_teams(request: HttpRequest, cursor: Cursor | None = None, limit: Limit = 20) -> dict[str, Any]:
    """Those in which I have a live seat, newest first."""
    return page_of(queries.my_teams(member=member_of(request), before=cursor, limit=limit, now=clock.now()), limit)


@router.get(
    "/teams/{code}", auth=EVERYBODY, response=TeamOut, summary="One team", openapi_extra=refuses(errors.NoSuchTeam)
)
def get_team(request: HttpRequest, code: Slug) -> queries.TeamPage:
    """Who is in, who is missing, until when. Faces are people who really paid; of a team that has ended strangers see counts only."""
    found = queries.team_page(code=code, viewer=viewer_of(request), now=clock.now())
    if found is None:
        raise errors.NoSuchTeam
    return found


@router.post(
    "/teams/{code}/seats",
    response={201: PlacedOut},
    summary="Join a team",
    openapi_extra=refuses(
        errors.NoSuchTeam, errors.NotInCircle, errors.TeamClosed, errors.TeamFull, errors.AlreadyInTeam, errors.LimitReached,
        errors.NotNew, errors.BadSeatQuantity, *REFUSALS,
    ),
)  # fmt: skip
def join_team(request: HttpRequest, code: Slug, body: SeatIn, idempotency_key: Key) -> dict[str, Any]:
    """Places the order of a seat, which is held until the order is paid."""
    me, now = member_of(request), clock.now()
    inviter = owner_of(body.came_by, now) if body.came_by else None
    _, order = services.join_team(
        team_code=code, member=me, quantity=body.quantity, invited_by_id=inviter if inviter != me.pk else None,
        now=now, **ordering_of(body, key=idempotency_key),
    )  # fmt: skip
    return placed(order)


@router.delete(
    "/teams/{code}/seats/mine",
    response={204: None},
    summary="Leave a team",
    openapi_extra=refuses(errors.NotInTeam, errors.CannotLeave, errors.GoodsOnTheWay),
)
def leave_team(request: HttpRequest, code: Slug) -> None:
    """An unpaid order is cancelled, a paid one refunded in full while the deal's rule allows it."""
    services.leave_team(team_code=code, member=member_of(request), now=clock.now())
