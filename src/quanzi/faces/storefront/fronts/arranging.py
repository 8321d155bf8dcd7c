"""How one's own page is arranged: words, sections, pins. A phone's page; works without script."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from quanzi.community.circles.queries import my_circle_ids
from quanzi.community.posts.queries import feed
from quanzi.faces.storefront.forms import problems
from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show
from quanzi.goods.catalogue.models import Product
from quanzi.growth.discovery.queries.feed import tagged_products
from quanzi.growth.fronts import services
from quanzi.growth.fronts.centres import Centre, centre
from quanzi.growth.fronts.errors import NotToPin
from quanzi.growth.fronts.policies import may_keep
from quanzi.growth.fronts.queries.fronts import FrontPage, front_page, own_goods, to_stand_by
from quanzi.growth.fronts.queries.record import standing_of
from quanzi.growth.fronts.rules import INTRO_LIMIT, NOTE_LIMIT, OF_KIND, arranged
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.people.accounts.models import Member

NOTES = 40


def kept_centre(request: HttpRequest, kind: str, slug: str) -> tuple[Member, Centre]:
    """The page whose owner the reader is; for everybody else this page does not exist."""
    me = member_of(request)
    found = centre(kind, slug or str(me.pk))
    if not may_keep(me, found):
        raise NotFound
    return me, found


def address(name: str, of: Centre) -> str:
    """Of the page with this name: `arrange`, `report` or `news`, for each kind of centre; a station's news are its leader's."""
    kind = "u" if of.kind == "s" and name == "news" else of.kind
    return reverse(f"storefront:{kind}_{name}", args=[] if kind == "u" else [of.key])


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def arrange(request: HttpRequest, kind: str, slug: str = "") -> HttpResponse:
    """Words, sections and pins of my own page, of my circle's, my workshop's, or my station's."""
    me, mine = kept_centre(request, kind, slug)
    if request.method != "POST":
        return _page(request, me, mine)
    done = _verbs(request, me, mine, clock.now()).get(request.POST.get("act", ""))
    if done is None:
        raise NotFound
    try:
        done()
    except NotFound:
        raise
    except DomainError as refused:
        return _page(request, me, mine, refusal=refused)
    messages.success(request, gettext("Saved."))
    return redirect(address("arrange", mine))


def _verbs(request: HttpRequest, me: Member, mine: Centre, now: datetime) -> dict[str, Callable[[], object]]:
    sent = request.POST
    of: dict[str, Any] = {"member": me, "centre": mine, "now": now}
    pin_id = id_in(sent.get("pin")) or 0
    note = sent.get("note", "")[: NOTE_LIMIT + 1]
    return {
        "arrange": lambda: services.arrange(
            intro=sent.get("intro", "")[: INTRO_LIMIT + 1], sections=_sections(request, mine), **of
        ),
        "link": lambda: services.pin(note=note, **of, **_named(sent.get("link", ""))),
        "post": partial(services.pin, post_id=id_in(sent.get("post")) or 0, note=note, **of),
        "line": partial(services.pin, line_id=id_in(sent.get("line")) or 0, note=note, **of),
        "off": partial(services.unpin, pin_id=pin_id, **of),
        "up": partial(services.move, pin_id=pin_id, up=True, **of),
        "down": partial(services.move, pin_id=pin_id, up=False, **of),
        "record": partial(services.publish_record, shown=sent.get("shown") == "on", **of),
    }


def _sections(request: HttpRequest, mine: Centre) -> tuple[str, ...]:
    """Each section has a place, first to last, or none."""
    return arranged({name: id_in(request.POST.get(f"place_{name}")) or 0 for name in OF_KIND[mine.kind]})


def _named(link: str) -> dict[str, Any]:
    """The note or the goods that an address of this shop leads to. Raises NotToPin."""
    try:
        found = resolve(urlsplit(link.strip()[:300]).path or "/")
    except (Resolver404, ValueError) as nothing:
        raise NotToPin(field="link") from nothing
    if found.url_name == "post":
        return {"post_id": found.kwargs["post_id"]}
    goods = Product.objects.filter(slug=found.kwargs.get("slug", "")).first() if found.url_name == "product" else None
    if goods is None:
        raise NotToPin(field="link")
    return {"product_id": goods.pk}


def _page(request: HttpRequest, me: Member, mine: Centre, *, refusal: DomainError | None = None) -> HttpResponse:
    page = front_page(mine)
    sent = request.POST if refusal is not None else {}
    stood = {pin.product_id for pin in page.pins if pin.stands and pin.product_id}
    posts = feed(
        circle_id=mine.id if mine.kind == "c" else None, author_id=None if mine.kind == "c" else mine.member_id,
        circle_ids=my_circle_ids(me), limit=NOTES,
    )  # fmt: skip
    context: dict[str, Any] = {
        "centre": mine,
        "here": "circles" if mine.kind == "c" else "me",
        "intro": sent.get("intro", page.intro),
        "note": sent.get("note", ""),
        "sent_link": sent.get("link", ""),
        "act": sent.get("act", ""),
        "pins": _rows(page, me),
        "places": _places(page, mine),
        "posts": [(item.id, item.title) for item in posts if item.id not in {pin.post_id for pin in page.pins}],
        "lines": [(line.pk, line.product.name) for line in to_stand_by(me.pk, without=stood)],
        "goods": own_goods(me.pk) if mine.kind != "c" else [],
        "shows_record": page.shows_record,
        "by_law": mine.kind == "u" and standing_of(me.pk).sells_or_leads,
        "report": address("report", mine),
        "news": address("news", mine),
        "problems": problems(refusal),
    }
    return show(request, "fronts/arrange.html", context, status=refusal.status if refusal else 200)


def _rows(page: FrontPage, me: Member) -> list[dict[str, Any]]:
    goods = tagged_products({pin.product_id for pin in page.pins if pin.product_id})
    notes = {pin.post_id for pin in page.pins if pin.post_id}
    titles = (
        {item.id: item.title for item in feed(ids=list(notes), circle_ids=my_circle_ids(me), limit=50)} if notes else {}
    )
    return [
        {
            "id": pin.id,
            "title": goods[pin.product_id].name
            if pin.product_id in goods
            else titles.get(pin.post_id or 0, gettext("A note that is not shown")),
            "kind": gettext("Kept, and stood by")
            if pin.stands
            else gettext("Goods")
            if pin.product_id
            else gettext("A note"),
            "note": pin.note,
        }
        for pin in page.pins
    ]


def _places(page: FrontPage, mine: Centre) -> list[tuple[str, str, int]]:
    """Each section, what it is called, and its place now (0: hidden)."""
    labels = {
        "pins": gettext("Pinned"),
        "kept": gettext("Kept, and stood by"),
        "goods": gettext("Goods of my own"),
        "notes": gettext("What I write"),
    }
    return [
        (name, labels[name], page.sections.index(name) + 1 if name in page.sections else 0)
        for name in OF_KIND[mine.kind]
    ]
