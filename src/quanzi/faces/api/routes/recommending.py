"""Goods chosen for me, and the switch that ends it."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from quanzi.community.circles.policies import may_moderate
from quanzi.faces.api.document import refuses
from quanzi.faces.api.routes.finding import circle_at
from quanzi.faces.api.schemas.common import Limit, PersonOut, Slug
from quanzi.faces.api.schemas.recommending import CircleGoodsOut, NotThisIn, PersonalIn, RecommendationsOut
from quanzi.faces.api.security import member_of
from quanzi.goods.catalogue.queries import product_page
from quanzi.growth.recommending import services
from quanzi.growth.recommending.queries import Offer, Offers, offers_for, offers_for_circle, who_might_want
from quanzi.kernel import clock
from quanzi.kernel.errors import NotAllowed, NotFound
from quanzi.people.accounts.queries import MemberCard

router = Router(tags=["me"])


@router.get("/me/recommendations", response=RecommendationsOut, summary="Goods for me")
def list_recommendations(request: HttpRequest, limit: Limit = 20) -> Offers:
    """Best first; on sale, in stock and not put away. What was paid for before comes again only once it is used up by the usual time
    (since_days, usual_days). Never from what was looked at or wished for."""
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


@router.get(
    "/circles/{slug}/recommendations",
    response=list[CircleGoodsOut],
    summary="Goods that fit a circle",
    openapi_extra=refuses(NotAllowed, NotFound),
)
def list_for_circle(request: HttpRequest, slug: Slug, limit: Limit = 12) -> list[Offer]:
    """What stands well with most of its people, best first; for whoever looks after it. Empty while fewer than three kept something."""
    circle = circle_at(slug)
    if not may_moderate(member_of(request), circle):
        raise NotAllowed
    return offers_for_circle(circle.pk, limit=limit)


@router.get(
    "/products/{slug}/contacts",
    response=list[PersonOut],
    summary="Who of my contacts might want this",
    openapi_extra=refuses(NotFound),
)
def list_for_contacts(request: HttpRequest, slug: Slug) -> list[MemberCard]:
    """The surest first: people I am tied to who agreed that ties recommend to them and that they hear of deals. Why is theirs."""
    return who_might_want(member_of(request), product_page(slug).id, now=clock.now())
