"""My wishlist, alerts for goods that are sold out, goods that I looked at."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from quanzi.faces.api.document import refuses
from quanzi.faces.api.schemas.common import Cursor, Id, Limit, Page, Slug, page_of
from quanzi.faces.api.schemas.goods import ProductRowOut
from quanzi.faces.api.schemas.people import CountOut
from quanzi.faces.api.schemas.wishes import AlertIn, AlertOut, WishIn, WishOut
from quanzi.faces.api.security import member_of
from quanzi.goods.catalogue.queries import ProductCard
from quanzi.goods.wishes import queries, services
from quanzi.goods.wishes.errors import ListFull, StillInStock
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound

router = Router(tags=["me"])


@router.get("/me/wishes", response=Page[WishOut], summary="My wishlist")
def list_wishes(request: HttpRequest, cursor: Cursor | None = None, limit: Limit = 20) -> dict[str, Any]:
    """Newest first. Nobody else sees it."""
    return page_of(queries.wishes(member_of(request).pk, before=cursor, limit=limit), limit)


@router.post(
    "/me/wishes", response={204: None}, summary="Put goods on my wishlist", openapi_extra=refuses(NotFound, ListFull)
)
def add_wish(request: HttpRequest, body: WishIn) -> None:
    """A second time changes nothing."""
    services.add(member=member_of(request), slug=body.product, now=clock.now())


@router.delete("/me/wishes/{slug}", response={204: None}, summary="Take goods off my wishlist")
def remove_wish(request: HttpRequest, slug: Slug) -> None:
    """Also when they did not stand there."""
    services.remove(member=member_of(request), slug=slug)


@router.get("/me/alerts", response=list[AlertOut], summary="What I wait for")
def list_alerts(request: HttpRequest) -> list[queries.AlertRow]:
    """Alerts that are still open, the oldest first."""
    return queries.alerts(member_of(request).pk)


@router.post(
    "/me/alerts",
    response={204: None},
    summary="Tell me when it is back",
    openapi_extra=refuses(NotFound, StillInStock),
)
def ask_alert(request: HttpRequest, body: AlertIn) -> None:
    """One notice when the variant can be bought again. Who asked first is told first, as many at a time as there are units."""
    services.ask_alert(member=member_of(request), sku_id=body.sku_id, now=clock.now())


@router.delete("/me/alerts/{sku_id}", response={204: None}, summary="Do not tell me")
def withdraw_alert(request: HttpRequest, sku_id: Id) -> None:
    """Also when none was open."""
    services.withdraw_alert(member=member_of(request), sku_id=sku_id)


@router.get("/me/seen", response=list[ProductRowOut], summary="Goods I looked at")
def list_seen(request: HttpRequest) -> list[ProductCard]:
    """The latest first; empty unless the caller keeps this in the account."""
    return queries.seen(member_of(request).pk)


@router.post("/me/seen", response={204: None}, summary="Keep that I looked at goods", openapi_extra=refuses(NotFound))
def note_seen(request: HttpRequest, body: WishIn) -> None:
    """For programs whose person chose to keep this in the account; the newest sixty stay."""
    services.note_seen(member=member_of(request), slug=body.product, now=clock.now())


@router.delete("/me/seen", response=CountOut, summary="Forget what I looked at")
def forget_seen(request: HttpRequest) -> dict[str, int]:
    """Answers how many goods that were."""
    return {"count": services.forget_seen(member=member_of(request))}
