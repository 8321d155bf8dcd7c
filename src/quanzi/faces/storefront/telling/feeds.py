"""Feeds (Atom, RFC 4287) of what everybody may read: new goods, experiences, notes of an open circle, of one author."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from quanzi.base.shop.identity import shop_name
from quanzi.community.circles.models import Admission
from quanzi.community.circles.queries import circle_by_slug
from quanzi.community.posts.queries import FeedItem, feed
from quanzi.faces.storefront.telling.answers import answer_if_new
from quanzi.faces.ui.formats import plain_money
from quanzi.goods.catalogue.queries import product_cards
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.models import Member

ENTRIES = 40


@require_safe
def goods(request: HttpRequest) -> HttpResponse:
    """The newest goods on sale."""
    made = _feed(request, gettext("New goods"), reverse("storefront:discover"))
    for card in product_cards(limit=ENTRIES):
        price = f"¥{plain_money(card.price_from)} · " if card.price_from else ""
        _add(
            request,
            made,
            card.name,
            reverse("storefront:product", args=[card.slug]),
            price + card.summary,
            card.created_at,
        )
    return _answer(request, made)


@require_safe
def experiences(request: HttpRequest) -> HttpResponse:
    """What people told of goods that they kept."""
    made = _feed(request, gettext("Experiences"), f"{reverse('storefront:feed')}?only=experience")
    return _answer(request, _with_posts(request, made, feed(kind="experience", limit=ENTRIES)))


@require_safe
def circle(request: HttpRequest, slug: str) -> HttpResponse:
    """Notes of an open circle; any other door has no feed."""
    found = circle_by_slug(slug)
    if found is None or found.admission != Admission.OPEN or found.closed_at is not None:
        raise NotFound
    made = _feed(request, found.name, reverse("storefront:circle", args=[slug]))
    return _answer(request, _with_posts(request, made, feed(circle_id=found.pk, limit=ENTRIES)))


@require_safe
def member(request: HttpRequest, member_id: int) -> HttpResponse:
    """What somebody writes for everybody."""
    found = Member.objects.filter(pk=member_id, is_active=True, erased_at=None).first()
    items = feed(author_id=member_id, limit=ENTRIES) if found is not None else []
    if found is None or not items:
        raise NotFound
    made = _feed(request, found.name, reverse("storefront:member", args=[member_id]))
    return _answer(request, _with_posts(request, made, items))


def _with_posts(request: HttpRequest, made: Atom1Feed, items: list[FeedItem]) -> Atom1Feed:
    for item in items:
        link = reverse("storefront:post", args=[item.id])
        said = f"{gettext('Got a sample')} · {item.excerpt}" if item.got_sample else item.excerpt
        _add(request, made, item.title, link, said, item.created_at, item.author_name, edited_at=item.edited_at)
    return made


def _feed(request: HttpRequest, title: str, path: str) -> Atom1Feed:
    return Atom1Feed(
        title=f"{title} · {shop_name()}", link=request.build_absolute_uri(path), description="",
        feed_url=request.build_absolute_uri(), language=(get_language() or "zh-hans").replace("zh-hans", "zh-Hans"),
    )  # fmt: skip


def _add(
    request: HttpRequest,
    made: Atom1Feed,
    title: str,
    path: str,
    text: str,
    at: datetime,
    author: str = "",
    edited_at: datetime | None = None,
) -> None:
    link = request.build_absolute_uri(path)
    # Readers take a summary for HTML; what people wrote is text.
    made.add_item(
        title=title,
        link=link,
        description=escape(text),
        unique_id=link,
        pubdate=at,
        updateddate=edited_at or at,
        author_name=author or None,
    )


def _answer(request: HttpRequest, made: Atom1Feed) -> HttpResponse:
    """Readers ask again each time: a price, or what somebody wrote and took back, is never an old one."""
    response = HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    return answer_if_new(request, response, kept_for="no-cache")
