"""The front page and the feeds."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from quanzi.community.circles import policies, queries
from quanzi.community.circles.models import Circle, MembershipState
from quanzi.community.circles.queries import my_circle_ids, my_circles
from quanzi.faces.storefront.community.drawing import note_of
from quanzi.faces.storefront.community.front import choice_for, show_front
from quanzi.faces.storefront.fronts.drawing import front_of
from quanzi.faces.storefront.shopping.drawing import deal_rows_of
from quanzi.faces.storefront.telling.head import head_of_page
from quanzi.faces.storefront.viewing import Reader, id_in, show_kept, viewer_of
from quanzi.faces.ui.places import Fills, component, macro, named
from quanzi.growth.discovery.queries import feed_page
from quanzi.growth.discovery.queries.own_feed import OwnFeed, People, feed_edition, own_feed
from quanzi.growth.fronts.centres import of_circle
from quanzi.growth.fronts.queries.fronts import front_mark
from quanzi.growth.recommending.models import FeedOrder
from quanzi.growth.recommending.queries import ChoiceRow
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can
from quanzi.people.trust.queries import reach
from quanzi.trade.deals.queries import open_teams
from quanzi.trade.stations.queries import round_near

FILTERS = ("all", "known", "experience", "question")
PAGE = 20
OWN, ROUND = "storefront/community/own.html", "storefront/shopping/round.html"


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Members who belong to a circle begin with their feed, everybody else with the goods and the people behind them."""
    me = viewer_of(request)
    return redirect("storefront:feed" if me is not None and queries.my_circle_ids(me) else "storefront:discover")


@require_safe
def my_feed(request: HttpRequest) -> HttpResponse:
    """Posts of all circles that the reader may see: in the order that fits them, or the newest first. People one knows: by time."""
    only, me = _only(request), viewer_of(request)
    choice = choice_for(me)
    order = request.GET.get("order") or choice.feed_order
    if order != FeedOrder.LATEST and only != "known":
        return show_front(request, choice, only=only, tabs=_tabs(_here(None), only, is_member=me is not None))
    return _show(request, None, choice)


@require_safe
def circle_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """A circle: place, faces, charter, what has a time, then the notes. A closed door shows the way to ask."""
    try:
        return _show(request, slug)
    except _ClosedDoor:
        return redirect("storefront:circle_join", slug=slug)


class _ClosedDoor(Exception):
    """The reader may not read this circle."""


def circle_or_404(slug: str) -> Circle:
    circle = queries.circle_by_slug(slug)
    if circle is None:
        raise NotFound
    return circle


def _only(request: HttpRequest) -> str:
    only = request.GET.get("only", "all")
    return only if only in FILTERS else "all"


def _show(request: HttpRequest, slug: str | None, choice: ChoiceRow | None = None) -> HttpResponse:
    now, only = clock.now(), _only(request)
    asked: dict[str, Any] = {"only": only, "before": id_in(request.GET.get("before")), "now": now}
    return show_kept(
        request,
        "community/feed.html",
        edition=lambda: _with_front(feed_edition(circle=slug, limit=PAGE, **asked), slug),
        own=lambda me: _own(own_feed(circle=slug, viewer_id=me.pk, limit=PAGE, **asked), slug),
        context=lambda reader: (
            _feed(request, slug, reader, **asked)
            | {"order": FeedOrder.LATEST if choice else None, "is_personal": choice is not None and choice.is_personal}
        ),
        fills=lambda me, own: _fills(slug, only, me, own),
    )


def _feed(
    request: HttpRequest, slug: str | None, reader: Reader, *, only: str, before: int | None, now: datetime
) -> dict[str, Any]:
    me, circle = reader.member, circle_or_404(slug) if slug is not None else None
    if circle is not None and not (policies.may_read(me, circle) or circle.pk in reader.circle_ids):
        raise _ClosedDoor
    page = feed_page(
        viewer=me, circle_ids=reader.circle_ids, circle=circle, only=only, before=before, limit=PAGE, now=now
    )
    here, place = _here(slug), policies.membership_of(me, circle) if circle else None
    teams = open_teams(
        viewer=me, circle_ids=reader.circle_ids, limit=3, circle_id=circle.pk if circle else None, now=now
    )
    context: dict[str, Any] = {
        "circle": circle,
        "state": place.state if place else "",
        "may_moderate": policies.may_moderate(me, circle) if circle else False,
        "people": _people(circle, me) if circle else None,
        "mine": my_circles(me) if me is not None else [],
        "notes": [note_of(card) for card in page.cards],
        "only": only,
        "tabs": _tabs(here, only, is_member=me is not None),
        "next": f"{here}?{urlencode({'only': only, 'before': page.before})}" if page.before else None,
        "teams": deal_rows_of(teams, viewer=me),
        "round": round_near(member_id=me.pk if me else None, now=now) if circle is None else None,
        "is_first": before is None,
        "front": front_of(
            of_circle(circle), me, reader.circle_ids or (my_circle_ids(me) if me is not None else ()), now=now
        )
        if circle is not None and before is None and only == "all"
        else None,
    }
    if circle is not None and policies.may_read(None, circle):
        shown = (circle.name, circle.summary, circle.place, circle.cover_id)
        context["head"] = head_of_page(
            request, here, name=circle.name, card=reverse("storefront:card", args=["c", circle.slug]), mark=shown,
            feed=reverse("storefront:circle_feed", args=[circle.slug]),
        )  # fmt: skip
    return context


def _with_front(edition: str, slug: str | None) -> str:
    """A circle's page shows its front besides; nothing is kept where there is no edition."""
    return f"{edition}|{front_mark(slug)}" if edition and slug is not None else edition


def _own(found: OwnFeed | None, slug: str | None) -> OwnFeed | None:
    return replace(found, edition=_with_front(found.edition, slug)) if found is not None else None


def _here(slug: str | None) -> str:
    return reverse("storefront:circle", args=[slug]) if slug is not None else reverse("storefront:feed")


def _fills(slug: str | None, only: str, me: Member, own: OwnFeed) -> Fills:
    """What a member has in a feed: their circles, their place in this one, people they know, ties to the authors."""
    tie = component("tie_line")
    fills = {
        "mine": macro(OWN, "mine")(own.mine, slug),
        "tabs": component("chips")(_tabs(_here(slug), only, is_member=True), tabs=True),
        **{named("tie", author): tie(label.words) for author, label in own.ties.items()},
    }
    if slug is None:
        fills["round"] = macro(ROUND, "card")(own.round)
    else:
        is_moderator = (own.state == MembershipState.JOINED and own.role in policies.MODERATORS) or can(
            me, "circles.moderate"
        )
        fills["door"] = macro(OWN, "door")(own.state, slug)
        fills["acts"] = macro(OWN, "acts")(own.state, is_moderator, slug)
        if own.people is not None:
            fills["faces"] = component("faces")(own.people.faces, more=own.people.more)
            fills["how many"] = macro(OWN, "how_many")(own.people)
    return fills


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


def _people(circle: Circle, me: Member | None) -> People:
    """Faces of a circle, those whom the reader knows first, and how many there are of both."""
    ids = set(queries.member_ids(circle))
    known = ids & set(reach(me.pk, now=clock.now())) if me is not None else set()
    return People(queries.faces(circle, first=known), len(ids), len(known))
