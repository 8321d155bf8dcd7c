"""What the owner of a page is told of who came: a page, and the same sums as a sheet."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from quanzi.faces.storefront.fronts.arranging import address, kept_centre
from quanzi.faces.storefront.shopping.sharing import link_to
from quanzi.faces.storefront.viewing import id_in, members_only, show
from quanzi.growth.fronts.queries.report import PERIODS, Report, report_of
from quanzi.growth.fronts.rules import HIDDEN, LEAST_PEOPLE, Steps
from quanzi.growth.sources.models import SourceKind
from quanzi.kernel import clock

LINKS = {"s": SourceKind.STATION}
"""What the link of a page counts as, where it is no mere sharing."""
STEPS = ("arrived", "members", "joined", "ordered", "lasting")


@members_only
@require_safe
def report(request: HttpRequest, kind: str, slug: str = "") -> HttpResponse:
    """Of the last days beside those before them. Nobody's name, nobody's contact."""
    me, mine = kept_centre(request, kind, slug)
    now, asked = clock.now(), id_in(request.GET.get("days"))
    days = asked if asked in PERIODS else 30
    found = report_of(mine, days=days, now=now)
    if request.GET.get("as") == "csv":
        return _sheet(found, f"{mine.kind}-{mine.key}-{days}.csv")
    here = address("report", mine)
    context: dict[str, Any] = {
        "centre": mine,
        "here": "circles" if mine.kind == "c" else "me",
        "report": found,
        "periods": [(gettext("%(n)d days") % {"n": one}, f"{here}?days={one}", one == days) for one in PERIODS],
        "sheet": f"{here}?days={days}&as=csv",
        "arrange": address("arrange", mine),
        "news": address("news", mine),
        "kinds": dict(SourceKind.choices),
        "rows": _rows(found),
        "own_link": link_to(request, member=me, target=mine.path, kind=LINKS.get(mine.kind, SourceKind.SHARE), now=now),
        "fans": _fans(mine.kind),
        "least": LEAST_PEOPLE,
    }
    return show(request, "fronts/report.html", context)


def _fans(kind: str) -> str:
    """How those are called who stay."""
    return {"c": gettext("Members"), "s": gettext("Collected goods here")}.get(kind, gettext("Followers"))


def _labels() -> dict[str, str]:
    return {
        "arrived": gettext("Came for the first time"),
        "members": gettext("Became members"),
        "joined": gettext("Joined a circle"),
        "ordered": gettext("Ordered"),
        "lasting": gettext("Kept goods from two orders"),
    }


def _rows(found: Report) -> list[tuple[str, list[str]]]:
    """Each step in words, of the period, the one before, and since the beginning."""
    labels = _labels()
    columns = (found.steps, found.before, found.ever)
    return [(labels[name], [_told(column, name) for column in columns]) for name in STEPS]


def _told(steps: Steps, name: str) -> str:
    count = int(getattr(steps, name))
    return str(count) if name == "arrived" else said(count)


def said(count: int) -> str:
    """A number of people as rules.told gives it, in words."""
    if count == HIDDEN:
        return gettext("fewer than %(n)d") % {"n": LEAST_PEOPLE}
    return gettext("%(n)d or more") % {"n": count} if count else "0"


def _sheet(found: Report, name: str) -> HttpResponse:
    """The owner's own sums, as they stand on the page."""
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow([gettext("Day"), gettext("Visits")])
    sheet.writerows([on.isoformat(), count] for on, count in found.by_day)
    sheet.writerow([])
    sheet.writerow([gettext("Link"), gettext("Visits"), gettext("Passed on and on (advertising)")])
    sheet.writerows([one.target, one.visits, one.passed_on] for one in found.sources)
    sheet.writerow([])
    sheet.writerow([gettext("Step"), gettext("This time"), gettext("Time before"), gettext("Since the beginning")])
    sheet.writerows([label, *values] for label, values in _rows(found))
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
