"""Goods chosen for me, and the switch that ends it."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from quanzi.faces.api.document import refuses
from quanzi.faces.api.schemas.common import Limit, Slug
from quanzi.faces.api.schemas.recommending import NotThisIn, PersonalIn, RecommendationsOut
from quanzi.faces.api.security import member_of
from quanzi.growth.recommending import services
from quanzi.growth.recommending.queries import Offers, offers_for
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound

router = Router(tags=["me"])


@router.get("/me/recommendations", response=RecommendationsOut, summary="Goods for me")
def list_recommendations(request: HttpRequest, limit: Limit = 20) -> Offers:
    """Best first; on sale, in stock, not paid for before and not put away. Never from what was looked at or wished for."""
    return offers_for(member_of(request), now=clock.now(), limit=limit)


@router.put("/me/recommendations/choice", response={204: None}, summary="Whether goods are chosen for me")
def choose_recommendations(request: HttpRequest, body: PersonalIn) -> None:
    """Off takes effect at once; on, with the next training."""
    services.choose(member=member_of(request), is_personal=body.is_personal, now=clock.now())


@router.post(
    "/me/recommendations/away", response={204: None}, summary="Do not offer me this", openapi_extra=refuses(NotFound)
)
def put_away(request: HttpRequest, body: NotThisIn) -> None:
    """A second time changes nothing."""
    services.not_this(member=member_of(request), slug=body.product, now=clock.now())


@router.delete("/me/recommendations/away/{slug}", response={204: None}, summary="It may be offered to me again")
def take_back(request: HttpRequest, slug: Slug) -> None:
    """Also when it was not put away."""
    services.offer_again(member=member_of(request), slug=slug)
