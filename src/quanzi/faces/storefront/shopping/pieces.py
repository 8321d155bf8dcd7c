"""Numbered pieces: the edition, a certificate with its record, handing a piece on, and what one owns."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quanzi.faces.storefront.forms import pictures_of, problems
from quanzi.faces.storefront.telling.head import head_about_goods
from quanzi.faces.storefront.viewing import member_of, members_only, show, viewer_of
from quanzi.faces.ui.environment import problem
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.trade.launches import services as launches
from quanzi.trade.launches.models import RecordKind
from quanzi.trade.launches.queries import code_of_handing, edition_page, my_pieces, piece_page


@require_safe
def edition(request: HttpRequest, code: str) -> HttpResponse:
    """How many there are, which are free, and the list of those who wait."""
    page = edition_page(code=code, viewer=viewer_of(request))
    head = head_about_goods(request, reverse("storefront:edition", args=[code]), name=page.edition.title, slug="")
    return show(
        request, "shopping/edition.html", {"page": page, "edition": page.edition, "ask": page.ask, "head": head}
    )


@members_only
@require_POST
def wait(request: HttpRequest, code: str) -> HttpResponse:
    """Onto the waiting list, or off it."""
    me, now = member_of(request), clock.now()
    found = edition_page(code=code, viewer=me).edition
    if "off" in request.POST:
        launches.leave_asks(edition_id=found.id, member=me, now=now)
        messages.success(request, gettext("You do not wait for a piece any more."))
        return redirect("storefront:edition", code=code)
    try:
        launches.ask_piece(edition_id=found.id, member=me, now=now)
    except NotFound:
        raise
    except DomainError as refused:
        messages.error(request, problem(refused))
    else:
        messages.success(request, gettext("You are on the list. When a piece is free, you are asked in your turn."))
    return redirect("storefront:edition", code=code)


@require_http_methods(["GET", "HEAD", "POST"])
def piece(request: HttpRequest, code: str) -> HttpResponse:
    """The certificate: what it is, which of how many, what happened to it. Its owner and its maker add to the record."""
    me, now = viewer_of(request), clock.now()
    page, refusal = piece_page(code=code, viewer=me), None
    if request.method == "POST":
        if me is None or not page.may_write:
            raise NotFound
        try:
            pictures = pictures_of(request, "pictures", owner=me, purpose="piece", most=4, now=now)
            launches.write_record(
                piece_id=page.id, member=me, kind=request.POST.get("kind", ""), text=request.POST.get("text", ""),
                picture_ids=[one.pk for one in pictures], now=now,
            )  # fmt: skip
        except NotFound:
            raise
        except DomainError as refused:
            refusal = refused
        else:
            messages.success(request, gettext("It stands in the record."))
            return redirect("storefront:piece", code=code)
    link = reverse("storefront:piece_take", args=[page.token]) if page.token else ""
    context = {
        "page": page,
        "kinds": dict(RecordKind.choices),
        "address": request.build_absolute_uri(reverse("storefront:piece", args=[code])),
        "handing": request.build_absolute_uri(link) if link else "",
        "problems": problems(refusal),
        "text": request.POST.get("text", ""),
    }
    return show(request, "shopping/piece.html", context, status=refusal.status if refusal else 200)


@members_only
@require_POST
def hand_on(request: HttpRequest, code: str) -> HttpResponse:
    """The owner's word, or taking it back."""
    me, now = member_of(request), clock.now()
    piece_id = piece_page(code=code, viewer=me).id
    if "off" in request.POST:
        launches.keep_after_all(piece_id=piece_id, member=me, now=now)
        messages.success(request, gettext("You keep it. The link is worth nothing any more."))
    else:
        launches.hand_on(piece_id=piece_id, member=me, now=now)
        messages.success(request, gettext("Send the link to whoever gets it. It is theirs when they take it."))
    return redirect("storefront:piece", code=code)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, token: str) -> HttpResponse:
    """The other side's word."""
    me, now = member_of(request), clock.now()
    page = piece_page(code=code_of_handing(token=token), viewer=me)
    if request.method == "POST":
        launches.take_over(token=token, member=me, now=now)
        messages.success(request, gettext("It is yours now; its record came along."))
        return redirect("storefront:piece", code=page.code)
    return show(request, "shopping/piece_take.html", {"page": page, "token": token})


@members_only
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What one owns."""
    return show(request, "shopping/pieces.html", {"rows": my_pieces(member_id=member_of(request).pk)})
