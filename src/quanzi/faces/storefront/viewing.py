"""What every members' page needs of the request: who reads, when, and what stands in the layout."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, Protocol

from django.contrib.auth.views import redirect_to_login
from django.contrib.messages import get_messages
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.translation import get_language

from quanzi.base import unwritten
from quanzi.community.circles.queries import my_circle_ids
from quanzi.faces.storefront.sameness import here, look_of
from quanzi.faces.ui import places
from quanzi.faces.ui.refusals import came_from
from quanzi.faces.ui.remembered import key_of, pieces
from quanzi.growth.discovery.queries.own import Waiting
from quanzi.people.accounts.models import Member
from quanzi.trade.sales.queries import waiting_for


def viewer_of(request: HttpRequest) -> Member | None:
    """The member who is logged in; None for a visitor."""
    user = request.user
    return user if isinstance(user, Member) and user.is_authenticated else None


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a page is drawn: a member, or for a page that is kept nobody, who only belongs to these circles."""

    member: Member | None
    circle_ids: Collection[int] = ()


class Own(Protocol):
    """What a page holds for one member besides (growth.discovery.queries.own)."""

    @property
    def edition(self) -> str: ...
    @property
    def is_apart(self) -> bool: ...
    @property
    def waiting(self) -> Waiting: ...


def show(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Render a page with what its layout asks for: the member, unread notices, lines in the cart."""
    me = viewer_of(request)
    unread, cart_count = waiting_for(me.pk) if me is not None else (0, 0)
    frame = {"me": me, "unread": unread, "cart_count": cart_count, "is_refused": status >= 400}
    response = render(request, f"storefront/{template}", frame | context, status=status)
    if me is not None:
        response.headers["Cache-Control"] = "private, no-store"
    return response


def show_kept[O: Own](
    request: HttpRequest,
    template: str,
    *,
    edition: Callable[[], str],
    own: Callable[[Member], O | None],
    context: Callable[[Reader], dict[str, Any]],
    fills: Callable[[Member, O], places.Fills],
) -> HttpResponse:
    """As `show`, for a page that is drawn once for each edition of what it shows; readers find theirs in its places.

    edition: for visitors, see growth.discovery.queries.editions; own: the same for a member, with what is theirs; nothing of either when there is
    nothing to keep. context: called when the page is drawn. fills: what a member has in the places of this page.
    """
    me = viewer_of(request)
    if connection.in_atomic_block:  # versions are not final yet
        return show(request, template, context(Reader(me)))
    look = look_of(request, template)
    if me is not None:
        (mine, theirs), mark = unwritten.marked((look, me.pk), lambda: _theirs(me, own, fills))
        now_edition = mine.edition if mine is not None else ""
    else:
        mine, theirs = None, {}
        now_edition, mark = unwritten.marked(look, edition)
    if not now_edition or (mine is not None and mine.is_apart):
        return show(request, template, context(Reader(me)))
    parts = pieces.get(key_of(look, now_edition))
    if parts is None:
        with unwritten.one_snapshot() as snapshot, places.marked():
            if snapshot != mark:  # somebody wrote since
                found = own(me) if me is not None else None
                now_edition = found.edition if found is not None else edition()
            reader = Reader(None, my_circle_ids(me) if me is not None else ())
            page = _for_all(request, template, context(reader))
        parts = places.split(page.content)
        pieces.put(key_of(look, now_edition), parts, like=(template, get_language()))
    response = _filled(request, parts, theirs)
    if me is not None:
        response.headers["Cache-Control"] = "private, no-store"
    return response


class Edited(Protocol):
    """What was found for a page, and the edition of all that the page shows of it."""

    @property
    def edition(self) -> str: ...


def show_found[E: Edited](
    request: HttpRequest, template: str, *, find: Callable[[], E], context: Callable[[E], dict[str, Any]]
) -> tuple[HttpResponse, E]:
    """To a visitor, as `show_kept`: a page of which one knows what stands on it only when it was looked for. Outside transactions."""
    look = look_of(request, template)
    found, mark = unwritten.marked(look, find)
    parts = pieces.get(key_of(look, found.edition))
    if parts is None:
        with unwritten.one_snapshot() as snapshot, places.marked():
            found = found if snapshot == mark else find()
            page = _for_all(request, template, context(found))
        parts = places.split(page.content)
        pieces.put(key_of(look, found.edition), parts, like=(template, get_language()))
    return _filled(request, parts, {}), found


def _for_all(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, f"storefront/{template}", NOBODY | {"here_address": here(request)} | context)


def _filled(request: HttpRequest, parts: tuple[bytes, ...], theirs: places.Fills) -> HttpResponse:
    """The page of this reader: with what is theirs, their form token, and what they are told once."""
    told = [*get_messages(request)]
    filled = {places.FORM_TOKEN: get_token(request), **({"flash": places.component("flash")(told)} if told else {})}
    return HttpResponse(places.filled(parts, {**theirs, **filled}))


NOBODY: dict[str, Any] = {"me": None, "unread": 0, "cart_count": 0, "flash": ()}


def _theirs[O: Own](
    me: Member, own: Callable[[Member], O | None], fills: Callable[[Member, O], places.Fills]
) -> tuple[O | None, places.Fills]:
    """What is this member's, and what stands in their places."""
    mine = own(me)
    if mine is None or mine.is_apart:
        return mine, {}
    return mine, {**_frame(me, mine.waiting), **fills(me, mine)}


def _frame(me: Member, waiting: Waiting) -> places.Fills:
    """What the frame of every page says to a member."""
    pill = places.component("pill_count")
    return {
        "who": str(me.pk),
        "unread": pill(waiting.unread),
        "in cart": pill(waiting.in_cart),
        "me": places.component("me_or_login")(me),
        "cart": places.component("cart_button")(waiting.in_cart),
    }


def members_only[**P](
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Lead visitors to log in, and back to where they were; after a sent form, back to the page it stood on."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if viewer_of(request) is None:
            back = request.get_full_path() if request.method == "GET" else came_from(request)
            return redirect_to_login(back)
        return view(request, *args, **kwargs)

    return guarded


def member_of(request: HttpRequest) -> Member:
    """The member, in a view that `members_only` guards."""
    me = viewer_of(request)
    assert me is not None
    return me


def id_in(text: str | None) -> int | None:
    """A positive row id from an address or a form; None for anything else, so that bad input finds nothing."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
