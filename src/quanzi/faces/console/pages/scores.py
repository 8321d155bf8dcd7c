"""What facts say of a supplier or of who leads a station: a score with its interval, the formula, and the cases behind each fact."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from quanzi.faces.console.doors import WRITE, door, operator_of
from quanzi.faces.console.pages.stations import station_or_404
from quanzi.faces.console.pages.suppliers import supplier_or_404
from quanzi.faces.console.viewing import attempt, show
from quanzi.kernel import clock
from quanzi.trade.aftersales.queries import supplier_evidence, supplier_score
from quanzi.trade.aftersales.scoring import Evidence, Score
from quanzi.trade.stations.queries import leader_evidence, leader_score, station_by_code
from quanzi.trade.stations.services import show_score

DAYS = {"30": gettext_lazy("30 days"), "90": gettext_lazy("90 days"), "365": gettext_lazy("A year")}
FACTS = {
    "complaints": gettext_lazy("Lines with a complaint"),
    "recalls": gettext_lazy("Lots that were recalled"),
    "late": gettext_lazy("Purchases that came late"),
    "short": gettext_lazy("Lines that came short"),
    "returns": gettext_lazy("Lines that were sent back"),
    "uncounted": gettext_lazy("Deliveries that were not counted in time"),
    "missed": gettext_lazy("Orders that were not picked up in time"),
}
WAYS = {"order": "console:order", "lot": "console:lot", "purchase": "console:purchase"}


@door("goods.edit")
def supplier(request: HttpRequest, supplier_id: int) -> HttpResponse:
    """Of a supplier."""
    found = supplier_or_404(supplier_id)
    crumbs = [
        (gettext("Suppliers"), reverse("console:suppliers")),
        (found.name, reverse("console:supplier", args=[supplier_id])),
        (gettext("Score"), None),
    ]
    return _show(request, found.name, crumbs, "goods", supplier_score, supplier_evidence, supplier_id)


@door("shop.edit")
def station(request: HttpRequest, station_id: int) -> HttpResponse:
    """Of who leads a station; the merchant chooses whether its page in the shop shows it."""
    found = station_or_404(station_id)
    crumbs = [
        (gettext("Stations"), reverse("console:stations")),
        (found.name, reverse("console:station", args=[station_id])),
        (gettext("Score"), None),
    ]
    more = {"station": station_by_code(found.code)}
    return _show(
        request,
        f"{found.name} · {found.leader_name}",
        crumbs,
        "rounds",
        leader_score,
        leader_evidence,
        station_id,
        **more,
    )


@door("shop.edit", WRITE)
def show_station(request: HttpRequest, station_id: int) -> HttpResponse:
    """On its page in the shop, or not."""
    me, now, is_shown = operator_of(request), clock.now(), request.POST.get("is_shown") == "1"
    return attempt(
        request,
        lambda: show_score(station_id=station_id, is_shown=is_shown, actor=me, now=now),
        said=gettext("The station's page shows it.") if is_shown else gettext("The station's page does not show it."),
        back=reverse("console:station_score", args=[station_id]),
        now=now,
    )


def _show(
    request: HttpRequest,
    name: str,
    crumbs: list[tuple[str, str | None]],
    here: str,
    score: Callable[..., Score],
    evidence: Callable[..., list[Evidence]],
    key: int,
    **more: Any,
) -> HttpResponse:
    now, days = clock.now(), request.GET.get("days", "90")
    days = days if days in DAYS else "90"
    since = now - timedelta(days=int(days))
    found = score(key, since=since, now=now)
    wanted = request.GET.get("of", "")
    cases = _cases(evidence, key, wanted, found, since, now)
    context: dict[str, Any] = {
        "here": here,
        "crumbs": crumbs,
        "name": name,
        "score": found,
        "facts": [(one, FACTS[one.measure.name], f"{request.path}?days={days}&of={one.measure.name}#cases") for one in found.facts],
        "chips": [(label, f"{request.path}?days={number}", number == days) for number, label in DAYS.items()],
        "wanted": FACTS.get(wanted, ""),
        "cases": cases,
        **more,
    }  # fmt: skip
    return show(request, "score.html", context)


def _cases(
    evidence: Callable[..., list[Evidence]], key: int, wanted: str, found: Score, since: datetime, now: datetime
) -> list[tuple[Evidence, str]]:
    if wanted not in {one.measure.name for one in found.facts}:
        return []
    return [(one, _href(one.ref)) for one in evidence(key, wanted, since=since, now=now)]


def _href(ref: str) -> str:
    kind, _, key = ref.partition(":")
    return reverse(WAYS[kind], args=[key]) if kind in WAYS else reverse("console:rounds")
