"""From posts to relations, by author: who was read, and how many of the readers stayed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext

from quanzi.faces.console.doors import door
from quanzi.faces.console.viewing import show
from quanzi.growth.insight.queries.path import path_of, read_authors
from quanzi.kernel import clock
from quanzi.people.accounts.queries import cards

PERIODS = (30, 90, 180)
MOST = 12
"""Authors on the page, those read most."""


@door("circles.moderate")
def readers(request: HttpRequest) -> HttpResponse:
    """One line for each of the authors who were read most; with `author` their posts and weeks too."""
    now, asked, chosen = clock.now(), request.GET.get("days", ""), request.GET.get("author", "")
    days = int(asked) if asked in map(str, PERIODS) else PERIODS[0]
    since = now - timedelta(days=days)
    found = read_authors(since=since, until=now)[:MOST]
    people = cards(author for author, _ in found)
    rows = [(people[one], path_of(one, since=since, until=now)) for one, _ in found if one in people]
    context: dict[str, Any] = {
        "here": "circles",
        "rows": rows,
        "days": days,
        "chosen": next(((one, path) for one, path in rows if str(one.id) == chosen), None),
        "periods": [
            (ngettext("%(n)d day", "%(n)d days", one) % {"n": one}, f"?days={one}", one == days) for one in PERIODS
        ],
        "crumbs": [(gettext("Relations"), None), (gettext("Readers"), None)],
    }
    return show(request, "readers.html", context)
