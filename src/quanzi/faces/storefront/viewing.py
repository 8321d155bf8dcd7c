"""What every members' page needs of the request: who reads, when, and what stands in the layout."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.views import redirect_to_login
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render

from quanzi.base import planned
from quanzi.faces.storefront.sameness import here, look_of, split_tokens
from quanzi.faces.ui.refusals import came_from
from quanzi.faces.ui.remembered import pieces
from quanzi.people.accounts.models import Member
from quanzi.trade.sales.queries import waiting_for


def viewer_of(request: HttpRequest) -> Member | None:
    """The member who is logged in; None for a visitor."""
    user = request.user
    return user if isinstance(user, Member) and user.is_authenticated else None


def show(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Render a page with what its layout asks for: the member, unread notices, lines in the cart."""
    me = viewer_of(request)
    unread, cart_count = waiting_for(me.pk) if me is not None else (0, 0)
    frame = {"me": me, "unread": unread, "cart_count": cart_count}
    response = render(request, f"storefront/{template}", frame | context, status=status)
    if me is not None:
        response.headers["Cache-Control"] = "private, no-store"
    return response


def show_to_all(
    request: HttpRequest, template: str, *, edition: Callable[[], str], context: Callable[[], dict[str, Any]]
) -> HttpResponse:
    """As `show`, for a page that is the same for every visitor: it is drawn once for each edition of what it shows.

    edition: see growth.discovery.queries.editions; empty when there is nothing to keep. context: called only when the page is drawn.
    Members, and visitors with a message waiting, get a page of their own.
    """
    # Inside somebody's transaction versions are not final yet.
    if (
        viewer_of(request) is not None
        or CookieStorage.cookie_name in request.COOKIES
        or connection.in_atomic_block
        or not (now_edition := edition())
    ):
        return show(request, template, context())
    look = look_of(request, template)
    parts = pieces.get((look, now_edition))
    if parts is None:
        with planned.one_snapshot():
            now_edition = edition()
            parts = split_tokens(show(request, template, {"here": here(request), **context()}))
        pieces.put((look, now_edition), parts)
    return HttpResponse(get_token(request).encode().join(parts))


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
