"""About this shop: who sells here, how to reach them, and the rules that hold, held before, and come."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from quanzi.base.shop.models import TextKind
from quanzi.base.shop.queries import merchant, published_kinds, texts
from quanzi.faces.storefront.viewing import show
from quanzi.kernel import clock
from quanzi.kernel.clock import midnight
from quanzi.kernel.errors import NotFound


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """For everybody, without logging in."""
    there = published_kinds()
    kinds = [(kind, label) for kind, label in TextKind.choices if kind in there]
    return show(request, "about.html", {"merchant": merchant(), "kinds": kinds})


@require_safe
def rules(request: HttpRequest, kind: str) -> HttpResponse:
    """One text as it holds now, or as it held at the end of the day `on`; what is to come is announced above it."""
    if kind not in TextKind.values:
        raise NotFound()
    now = clock.now()
    day = _day(request.GET.get("on", ""))
    at = midnight(day + timedelta(days=1)) if day else now
    versions = texts(kind)
    context = {
        "kind": kind,
        "label": TextKind(kind).label,
        "text": next((one for one in versions if one.holds_at(min(at, now))), None),
        "coming": [one for one in reversed(versions) if one.effective_at > now and one.holds_at(one.effective_at)],
        "versions": versions,
        "day": day,
        "now": now,
        "language": get_language() or "zh-hans",
    }
    return show(request, "rules.html", context)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text) if len(text) == len("2026-11-22") else None
    except ValueError:
        return None
    return found if found and date(2000, 1, 1) < found < date(2200, 1, 1) else None
