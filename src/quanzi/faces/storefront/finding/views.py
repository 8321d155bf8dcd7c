"""The search: one field for everything that the reader may find."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from quanzi.community.circles.queries import names as circle_names
from quanzi.faces.storefront.finding import drawing
from quanzi.faces.storefront.viewing import id_in, show, show_found, viewer_of
from quanzi.faces.ui.formats import plain_money
from quanzi.growth.discovery.queries.editions import found_edition
from quanzi.growth.searching import services
from quanzi.growth.searching.folding import fold
from quanzi.growth.searching.models import POSTS, Kind
from quanzi.growth.searching.queries import MOST_SHOWN, Asked, Found, Reader, past, reader_of
from quanzi.growth.searching.queries import search as find
from quanzi.growth.searching.queries import suggest as names_like
from quanzi.growth.searching.rules import BANDS
from quanzi.kernel import clock
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member

PAGE = 20
FIRST = {"product": 6, "circle": 3, "member": 3, "maker": 3, "note": 4, "question": 4, "experience": 4}
"""How many of each kind stand on the page of everything."""

LONGEST = 60
NARROWED = ("kind", "in", "price", "from", "proven")


def words_of(request: HttpRequest) -> str:
    return " ".join(request.GET.get("q", "")[:LONGEST].replace("\x00", " ").split())


@dataclass(frozen=True)
class Results:
    """What was found, what of it stands on this page, by kind, and the edition of all that."""

    found: Found
    ids: dict[str, list[int]]
    edition: str = ""


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Everything that holds the words, the kinds side by side or one of them page by page."""
    me, now, words = viewer_of(request), clock.now(), words_of(request)
    if not words:
        return show(request, "finding/search.html", {"q": "", "past": past(me)[:10] if me is not None else []})
    asked, page = _asked(request, words), min(id_in(request.GET.get("page")) or 1, 20)
    if me is None and not connection.in_atomic_block:
        response, results = show_found(
            request,
            "finding/search.html",
            find=lambda: _for_visitors(asked, page, now),
            context=lambda results: _context(request, asked, results, Reader(None), None, page, now),
        )
        found = results.found
    else:
        reader = reader_of(me, now)
        found = find(asked=asked, reader=reader, now=now)
        results = Results(found, _on_page(asked, found, page))
        response = show(request, "finding/search.html", _context(request, asked, results, reader, me, page, now))
    if request.method == "GET" and page == 1 and not any(request.GET.get(name) for name in NARROWED):
        _note(me, words, found, now)
    return response


def _for_visitors(asked: Asked, page: int, now: datetime) -> Results:
    found = find(asked=asked, reader=Reader(None), now=now, as_it_is=connection.in_atomic_block)
    ids = _on_page(asked, found, page)
    shown = found_edition(
        products=ids.get(Kind.PRODUCT, ()), posts=[one for kind in POSTS for one in ids.get(kind, ())],
        circles=ids.get(Kind.CIRCLE, ()), named=[one for one, _ in found.circles], makers=ids.get(Kind.MAKER, ()), now=now,
    )  # fmt: skip
    return Results(found, ids, f"{hashlib.sha256(repr(found).encode()).hexdigest()} {shown}")


def _on_page(asked: Asked, found: Found, page: int) -> dict[str, list[int]]:
    part = slice((page - 1) * PAGE, page * PAGE)
    return {kind: ids[part] if asked.kind else ids[: FIRST[kind]] for kind, ids in found.ids.items()}


def _context(
    request: HttpRequest, asked: Asked, results: Results, reader: Reader, me: Member | None, page: int, now: datetime
) -> dict[str, Any]:
    found, link = results.found, _with(request)
    return {
        "q": asked.words,
        "found": found,
        "total": sum(found.counts.values()),
        "tabs": _tabs(link, asked, found),
        "filters": _filters(link, asked, found),
        "is_narrowed": any(request.GET.get(name) for name in NARROWED),
        **_drawn(asked, results, reader, me, now),
        "next": link(page=str(page + 1)) if _has_more(asked, found, page) else None,
        "everything": f"{reverse('storefront:search')}?{urlencode({'q': asked.words})}",
    }


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """A list below the field, while somebody types: what they looked for before, then names."""
    me, now, words = viewer_of(request), clock.now(), words_of(request)
    reader = reader_of(me, now) if words else Reader(None)
    start = fold(words)
    before = [one.words for one in past(me) if fold(one.words).startswith(start)][:3] if me is not None else []
    names = names_like(words=words, reader=reader) if words else []
    context = {
        "before": [(one, f"{reverse('storefront:search')}?{urlencode({'q': one})}") for one in before],
        "rows": drawing.suggested(names, [start], reader),
    }
    response = render(request, "storefront/finding/suggest.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _asked(request: HttpRequest, words: str) -> Asked:
    kind, price = request.GET.get("kind", ""), request.GET.get("price", "")
    band = int(price) if price.isascii() and price.isdigit() and len(price) == 1 and int(price) < len(BANDS) else None
    return Asked(
        words=words, kind=kind if kind in Kind.values else "", circle_id=id_in(request.GET.get("in")), band=band,
        origin=request.GET.get("from", "")[:80].replace("\x00", ""), is_proven=request.GET.get("proven") == "1",
    )  # fmt: skip


def _note(me: Member | None, words: str, found: Found, now: Any) -> None:
    if me is not None:
        services.remember(member=me, words=words, now=now)
    if found.is_loose or not found.total:
        services.note_miss(words=words, now=now)


def _drawn(asked: Asked, results: Results, reader: Reader, me: Member | None, now: datetime) -> dict[str, Any]:
    """Rows of this page, by kind."""
    found, ids = results.found, results.ids
    written = {kind: ids[kind] for kind in _post_titles() if ids.get(kind)}
    posts = drawing.post_rows([one for some in written.values() for one in some], found.words, reader, now)
    return {
        "goods": drawing.goods_rows(ids.get("product", []), found.words, me, now),
        "makers": drawing.maker_rows(ids.get("maker", []), found.words),
        "circles": drawing.circle_rows(ids.get("circle", []), found.words, reader),
        "people": drawing.people_rows(ids.get("member", []), found.words, reader, now),
        "posts": [
            (title, [row for row in posts if row["kind"] == kind], _more(asked, found, kind))
            for kind, title in _post_titles().items()
            if kind in written
        ],
        "more": {kind: _more(asked, found, kind) for kind in found.ids},
    }


def _post_titles() -> dict[str, str]:
    return {"experience": gettext("Experiences"), "question": gettext("Questions"), "note": gettext("Notes")}


def _more(asked: Asked, found: Found, kind: str) -> tuple[str, str] | None:
    if asked.kind or len(found.ids[kind]) <= FIRST[kind]:
        return None
    return gettext("See all"), f"{reverse('storefront:search')}?{urlencode({'q': asked.words, 'kind': kind})}"


def _has_more(asked: Asked, found: Found, page: int) -> bool:
    return bool(asked.kind) and len(found.ids.get(asked.kind, [])) > page * PAGE


def _with(request: HttpRequest) -> Callable[..., str]:
    """Gives this page's address with other values; None takes one away."""
    kept = {name: value for name, value in request.GET.items() if name in ("q", *NARROWED) and value}
    here = reverse("storefront:search")

    def link(**changes: str | None) -> str:
        wanted = {name: value for name, value in {**kept, **changes}.items() if value}
        return f"{here}?{urlencode(wanted)}"

    return link


def _count(number: int) -> str:
    return f"{MOST_SHOWN}+" if number > MOST_SHOWN else str(number)


def _label(kind: Kind) -> str:
    """The word for people who are found is not the one for how many they are."""
    return gettext("Members") if kind == Kind.MEMBER else str(kind.label)


def _tabs(link: Callable[..., str], asked: Asked, found: Found) -> list[tuple[str, str, bool]]:
    kinds = [kind for kind in Kind if found.counts.get(kind) or asked.kind == kind]
    tabs = [
        (f"{_label(kind)} {_count(found.counts.get(kind, 0))}", link(kind=kind.value), asked.kind == kind)
        for kind in kinds
    ]
    return [(gettext("All"), link(kind=None), not asked.kind), *tabs]


def _filters(link: Callable[..., str], asked: Asked, found: Found) -> list[tuple[str, str, bool]]:
    """What narrows: each chip says how many it leaves, and a second press takes it away."""
    chips: list[tuple[str, str, bool]] = []
    if found.proven or asked.is_proven:
        text = gettext("Kept by people I know %(n)s") % {"n": _count(found.proven)}
        chips.append((text, link(proven=None if asked.is_proven else "1"), asked.is_proven))
    for band, number in found.bands if len(found.bands) > 1 or asked.band is not None else []:
        least, below = BANDS[band]
        low, high = plain_money(Money(least, "CNY")), plain_money(Money(below, "CNY")) if below else ""
        text = (
            gettext("¥%(least)s to %(most)s") % {"least": low, "most": high}
            if high
            else gettext("from ¥%(least)s") % {"least": low}
        )
        chips.append((f"{text} · {number}", link(price=None if asked.band == band else str(band)), asked.band == band))
    for place, number in found.origins if len(found.origins) > 1 or asked.origin else []:
        chips.append(
            (
                f"{place} · {number}",
                link(**{"from": None if asked.origin == place else place}),
                asked.origin == place,
            )
        )
    names = circle_names([one for one, _ in found.circles])
    for circle_id, number in found.circles:
        if circle_id in names:
            is_on = asked.circle_id == circle_id
            chips.append((f"{names[circle_id]} · {number}", link(**{"in": None if is_on else str(circle_id)}), is_on))
    return chips
