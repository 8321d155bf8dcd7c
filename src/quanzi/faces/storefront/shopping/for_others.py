"""Goods that fit a circle, for those who look after it; and who of my contacts might want goods, where they agreed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from quanzi.community.circles.policies import may_moderate
from quanzi.faces.storefront.community.feed import circle_or_404
from quanzi.faces.storefront.shopping.discover import shelf_of
from quanzi.faces.storefront.viewing import member_of, members_only, show
from quanzi.goods.catalogue.queries import product_page
from quanzi.growth.recommending.queries import offers_for_circle, who_might_want
from quanzi.kernel import clock
from quanzi.kernel.errors import NotAllowed


@members_only
@require_safe
def for_circle(request: HttpRequest, slug: str) -> HttpResponse:
    """What stands well with most people of a circle."""
    me, circle, now = member_of(request), circle_or_404(slug), clock.now()
    if not may_moderate(me, circle):
        raise NotAllowed()
    offers = offers_for_circle(circle.pk, limit=12)
    goods = shelf_of([offer.card for offer in offers], me, now)
    return show(request, "shopping/for_circle.html", {"circle": circle, "goods": goods})


@members_only
@require_safe
def for_contacts(request: HttpRequest, slug: str) -> HttpResponse:
    """Whom of the reader's own contacts goods may interest; writing to them is theirs."""
    goods = product_page(slug)
    people = who_might_want(member_of(request), goods.id, now=clock.now())
    return show(request, "shopping/for_contacts.html", {"goods": goods, "people": people})
