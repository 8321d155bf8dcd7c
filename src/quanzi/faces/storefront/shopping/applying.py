"""A member would like to run a station: asking, and reading the answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from quanzi.faces.storefront.forms import problems
from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show
from quanzi.faces.ui.device import may_ask
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError
from quanzi.trade.stations.queries import newest_application, stations_of
from quanzi.trade.stations.services import apply_for_station

FIELDS = ("name", "area", "address", "hours", "capacity", "latitude", "longitude", "note")
NOWHERE = 999.0
"""Degrees that nobody can be at: what is no number is refused by the service as no place."""


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """Ask to run a station. While an answer is due, the page says what was asked and nothing else."""
    me, refusal = member_of(request), None
    sent = {name: request.POST.get(name, "")[:400].strip() for name in FIELDS}
    if request.method != "POST":
        sent["area"] = request.GET.get("area", "")[:60].strip()  # whom the shop asked comes with their area
    if request.method == "POST":
        try:
            apply_for_station(
                member=me, **{name: sent[name] for name in ("name", "area", "address", "hours", "note")},
                capacity=id_in(sent["capacity"]) or 0, latitude=_degrees(sent["latitude"]),
                longitude=_degrees(sent["longitude"]), now=clock.now(),
            )  # fmt: skip
        except DomainError as refused:
            refusal = refused
        else:
            messages.success(request, gettext("Sent. You get a notice with the answer."))
            return redirect("storefront:leader_apply")
    context: dict[str, Any] = {
        "asked": newest_application(me.pk),
        "stations": stations_of(leader_id=me.pk),
        "sent": sent,
        "problems": problems(refusal),
    }
    page = show(request, "shopping/leader_apply.html", context, status=refusal.status if refusal else 200)
    return may_ask(page, "geolocation")


def _degrees(text: str) -> float | None:
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        return NOWHERE
