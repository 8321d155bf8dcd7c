"""The front page and the feeds."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from quanzi.community.circles import policies, queries
from quanzi.community.circles.models import Circle
from quanzi.faces.storefront.community.drawing import note_of
from quanzi.faces.storefront.shopping.drawing import deal_rows_of
from quanzi.faces.storefront.telling.head import head_of_page
from quanzi.faces.storefront.viewing import id_in, show, viewer_of
from quanzi.growth.discovery.queries import feed_page
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.models import Member
from quanzi.people.trust.queries import reach
from quanzi.trade.deals.queries import TeamCard, open_teams

FILTERS = ("all", "known", "experience", "question")


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Members who belong to a circle begin with their feed, everybody else with the goods and the people behind them."""
    me = viewer_of(request)
    return redirect("storefront:feed" if me is not None and queries.my_circle_ids(me) else "storefront:discover")


@require_safe
def my_feed(request: HttpRequest) -> HttpResponse:
    """Posts of all circles that the reader may see."""
    me = viewer_of(request)
    return _feed(request, circle=None, mine=queries.my_circles(me) if me is not None else [])


@require_safe
def circle_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """A circle: place, faces, charter, what has a time, then the notes. A closed door shows the way to ask."""
    me, circle = viewer_of(request), circle_or_404(slug)
    if not policies.may_read(me, circle):
        return redirect("storefront:circle_join", slug=slug)
    return _feed(request, circle=circle, mine=queries.my_circles(me) if me is not None else [])


def circle_or_404(slug: str) -> Circle:
    circle = queries.circle_by_slug(slug)
    if circle is None:
        raise NotFound
    return circle


def _feed(request: HttpRequest, *, circle: Circle | None, mine: list[queries.CircleCard]) -> HttpResponse:
    me, now = viewer_of(request), clock.now()
    only = request.GET.get("only", "all")
    only = only if only in FILTERS else "all"
    page = feed_page(viewer=me, circle=circle, only=only, before=id_in(request.GET.get("before")), now=now)
    here = reverse("storefront:circle", args=[circle.slug]) if circle else reverse("storefront:feed")
    context: dict[str, Any] = {
        "circle": circle,
        "place": policies.membership_of(me, circle) if circle else None,
        "may_moderate": policies.may_moderate(me, circle) if circle else False,
        "people": _people(circle, me) if circle else None,
        "mine": mine,
        "notes": [note_of(card) for card in page.cards],
        "only": only,
        "tabs": _tabs(here, only, is_member=me is not None),
        "next": f"{here}?{urlencode({'only': only, 'before': page.before})}" if page.before else None,
        "teams": deal_rows_of(
            open_teams(viewer=me, limit=3, circle_id=circle.pk if circle else None, now=now), viewer=me
        ),
    }
    if circle is not None and policies.may_read(None, circle):
        shown = (circle.name, circle.summary, circle.place, circle.cover_id)
        context["head"] = head_of_page(
            request, here, name=circle.name, card=reverse("storefront:card", args=["c", circle.slug]), mark=shown,
            feed=reverse("storefront:circle_feed", args=[circle.slug]),
        )  # fmt: skip
    return show(request, "community/feed.html", context)


def _teams(circle: Circle | None, me: Member | None) -> list[TeamCard]:
    """Teams of the circle with a free seat; when it has none, those of the whole shop."""
    now = clock.now()
    own = open_teams(viewer=me, limit=3, circle_id=circle.pk, now=now) if circle is not None else []
    return own or open_teams(viewer=me, limit=3, now=now)


def _tabs(here: str, only: str, *, is_member: bool) -> list[tuple[str, str, bool]]:
    labels = {
        "all": gettext("All"),
        "known": gettext("People I know"),
        "experience": gettext("Experiences"),
        "question": gettext("Questions"),
    }
    if not is_member:
        del labels["known"]
    return [(label, here if key == "all" else f"{here}?only={key}", key == only) for key, label in labels.items()]


def _people(circle: Circle, me: Member | None) -> dict[str, object]:
    """Faces of a circle, those whom the reader knows first, and how many there are of both."""
    ids = set(queries.member_ids(circle))
    known = ids & set(reach(me.pk, now=clock.now())) if me is not None else set()
    faces = queries.faces(circle, first=known)
    return {"faces": faces, "count": len(ids), "more": max(0, len(ids) - len(faces)), "known": len(known)}
