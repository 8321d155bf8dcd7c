"""The feed as shop front: the posts that a reader may see in the order that fits them, and the switch to the newest first.

A member's page is the frame that all share with their own cards put in; the card of a post is drawn once for all (docs/adr/0023).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.http import require_POST
from markupsafe import Markup

from quanzi.base import planned
from quanzi.community.circles.queries import my_circles
from quanzi.faces.storefront.community.drawing import note_of
from quanzi.faces.storefront.shopping.drawing import deal_rows_of
from quanzi.faces.storefront.viewing import Reader, show_kept, viewer_of
from quanzi.faces.ui import places
from quanzi.faces.ui.places import Fills, component, macro, named
from quanzi.faces.ui.remembered import key_of, pieces
from quanzi.growth.discovery.queries.front import (
    Front,
    OwnFront,
    card_editions,
    front_cards,
    front_edition,
    front_page,
    own_front,
)
from quanzi.growth.discovery.ranking import Because
from quanzi.growth.recommending import services
from quanzi.growth.recommending.models import FeedOrder
from quanzi.growth.recommending.queries import ChoiceRow, choice_of
from quanzi.growth.tastes.models import Taste
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.models import Member
from quanzi.trade.deals.queries import open_teams
from quanzi.trade.stations.queries import round_near

PAGE = 20
OWN, ROUND, NOTES = "storefront/community/own.html", "storefront/shopping/round.html", "ui/components/posts.html"
SQUARE, TALL = "11", "45"


def choice_for(me: Member | None) -> ChoiceRow:
    """How the reader wants the feed; nothing of a visitor decides."""
    return choice_of(me.pk) if me is not None else ChoiceRow(is_personal=False)


@require_POST
def order(request: HttpRequest) -> HttpResponse:
    """The switch. A member's choice is kept; a visitor's stands in the address."""
    me, wanted, only = viewer_of(request), request.POST.get("order", ""), request.POST.get("only", "")
    if wanted not in FeedOrder:
        raise NotFound
    said = {"only": only} if only in ("experience", "question") else {}
    if me is not None:
        services.order_feed(member=me, order=wanted, now=clock.now())
    elif wanted == FeedOrder.LATEST:
        said["order"] = wanted
    return redirect(reverse("storefront:feed") + (f"?{urlencode(said)}" if said else ""))


def show_front(
    request: HttpRequest, choice: ChoiceRow, *, only: str, tabs: Sequence[tuple[str, str, bool]]
) -> HttpResponse:
    """The feed in its ranked order. only: "all", "experience" or "question"; tabs: to these, as links."""
    me, now = viewer_of(request), clock.now()
    asked: dict[str, Any] = {"only": only, "go": request.GET.get("go"), "limit": PAGE, "now": now}

    def context(reader: Reader) -> dict[str, Any]:
        frame = _frame(reader, choice, only=only, tabs=tabs, is_first=not asked["go"], now=now)
        if reader.member is None and me is not None:
            return frame | {"notes": [], "next": None}
        viewer_id = reader.member.pk if reader.member is not None else None
        front = front_page(viewer_id=viewer_id, is_personal=choice.is_personal, **asked)
        return frame | {"notes": notes_of(front, frame["mine"], viewer_id, now), "next": _next(front, only)}

    return show_kept(
        request,
        "community/feed.html",
        edition=lambda: front_edition(**asked),
        own=lambda one: own_front(viewer_id=one.pk, is_personal=choice.is_personal, **asked),
        context=context,
        fills=lambda _, own: _fills(own, only),
    )


def notes_of(front: Front, mine: Sequence[Any], viewer_id: int | None, now: datetime) -> list[dict[str, Any]]:
    """Cards with their reasons, in the order of the page."""
    names = {circle.id: circle.name for circle in mine}
    return [
        note_of(card) | {
            "id": card.item.id,
            "why": why(front.because[card.item.id], circle=names.get(card.item.circle_id or 0, "")),
        }
        for card in front_cards(front, viewer_id=viewer_id, now=now)
    ]  # fmt: skip


def why(because: Because, *, circle: str) -> str:
    """The reason as a sentence. circle: the reader's, where it was written."""
    match because.kind:
        case "author":
            return gettext("Because you know who wrote it")
        case "kept":
            words = ngettext(
                "Because %(n)d person you trust kept these goods",
                "Because %(n)d people you trust kept these goods",
                because.number,
            )
            return words % {"n": because.number}
        case "asked":
            return gettext("Because you asked about these goods")
        case "fit":
            return gettext("Because it goes with what you keep")
        case "taste":
            return gettext("Because you like: %(taste)s") % {"taste": Taste(because.taste).label}
        case "circle":
            return gettext("Because it is from your circle %(name)s") % {"name": circle}
        case "useful":
            words = ngettext(
                "Because %(n)d person found it useful", "Because %(n)d people found it useful", because.number
            )
            return words % {"n": because.number}
        case "many":
            return gettext("Because these goods were kept often")
        case _:
            return gettext("Because it is new")


def _frame(
    reader: Reader,
    choice: ChoiceRow,
    *,
    only: str,
    tabs: Sequence[tuple[str, str, bool]],
    is_first: bool,
    now: datetime,
) -> dict[str, Any]:
    me = reader.member
    teams = open_teams(viewer=me, circle_ids=reader.circle_ids, limit=3, now=now)
    return {
        "circle": None, "state": "", "may_moderate": False, "people": None, "mine": my_circles(me) if me is not None else [],
        "only": only, "tabs": tabs, "teams": deal_rows_of(teams, viewer=me), "is_first": is_first,
        "round": round_near(member_id=me.pk if me else None, now=now), "order": FeedOrder.FIT, "is_personal": choice.is_personal,
    }  # fmt: skip


def _fills(own: OwnFront, only: str) -> Fills:
    """What a member has in the feed: their circles, the round nearest to them, and the cards in their order."""
    names = {circle["id"]: circle["name"] for circle in own.mine}
    drawn = _cards(own)
    cards = [
        Markup(_filled(parts, own, post_id, names))  # nosec B704  # what a template drew is escaped
        for post_id, parts in drawn.items()
    ]
    return {
        "mine": macro(OWN, "mine")(own.mine, None),
        "round": macro(ROUND, "card")(own.round),
        "notes": macro(OWN, "notes")(cards, _next(own.front, only), only),
    }


def _filled(parts: tuple[bytes, ...], own: OwnFront, post_id: int, names: Mapping[int, str]) -> str:
    author = own.authors[post_id]
    tie = own.ties[author].words if author in own.ties else ""
    reason = why(own.front.because[post_id], circle=names.get(own.front.circles.get(post_id) or 0, ""))
    fills = {named("why", post_id): macro(NOTES, "why_line")(reason)}
    if tie:
        fills[named("tie", author)] = component("tie_line")(tie)
    return places.filled(parts, fills).decode()


def _cards(own: OwnFront) -> dict[int, tuple[bytes, ...]]:
    """Each card of the page in pieces, drawn for whoever was not kept; a post that went meanwhile has none."""
    keys = {one: _key(at, one, own.cards.get(one, "")) for at, one in enumerate(own.front.ids)}
    found = {one: pieces.get(key) for one, key in keys.items()}
    missing = [one for one, parts in found.items() if parts is None]
    if missing:
        with planned.one_snapshot():
            editions = card_editions(missing)
            front = Front(tuple(missing), dict.fromkeys(missing, Because("new")), own.front.circles, None)
            notes = notes_of(front, (), None, clock.now())
        for note in notes:
            one, at = note["id"], own.front.ids.index(note["id"])
            with places.marked():
                parts = places.split(component("note_card")(note, ratio=_ratio(at)).encode())
            found[one] = parts
            pieces.put(_key(at, one, editions[one]), parts, like="note card")
    return {one: parts for one, parts in found.items() if parts is not None}


def _key(at: int, post_id: int, edition: str) -> Hashable:
    return key_of(("note card", get_language(), _ratio(at), post_id), edition)


def _ratio(at: int) -> str:
    """As ui.waterfall: each second of three is square."""
    return SQUARE if at % 3 == 1 else TALL


def _next(front: Front, only: str) -> str | None:
    here = reverse("storefront:feed")
    return f"{here}?{urlencode({'only': only, 'go': front.go})}" if front.go else None
