"""Stations: who would like to run one, which there are, what each may take."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from quanzi.base import printing
from quanzi.base.printing import CodeSheet, QrCard
from quanzi.base.shop.identity import current
from quanzi.faces.console.doors import FORM, WRITE, door, operator_of
from quanzi.faces.console.pages.papers import pdf
from quanzi.faces.console.parsing import Reader, Sent, problems_of
from quanzi.faces.console.viewing import attempt, show
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.people.accounts.models import Member
from quanzi.trade.stations import queries, services
from quanzi.trade.stations.models import ApplicationState
from quanzi.trade.stations.queries import StationRow


def station_or_404(station_id: int) -> StationRow:
    rows = queries.station_rows(now=clock.now(), station_id=station_id)
    if not rows:
        raise NotFound()
    return rows[0]


@door("shop.edit")
def stations(request: HttpRequest) -> HttpResponse:
    """Applications that wait on top, then every station with what runs there."""
    context: dict[str, Any] = {
        "here": "rounds",
        "crumbs": [(gettext("Rounds"), reverse("console:rounds")), (gettext("Stations"), None)],
        "asked": queries.applications(),
        "declined": queries.applications(state=ApplicationState.DECLINED, limit=10),
        "rows": queries.station_rows(now=clock.now()),
        "me": operator_of(request),
    }
    return show(request, "stations.html", context)


@door("shop.edit", WRITE)
def decide(request: HttpRequest, application_id: int) -> HttpResponse:
    """Open the station, or say no with a reason that the member reads."""
    me, now, reader = operator_of(request), clock.now(), Reader(request.POST)
    decision = reader.choice("decision", ["approve", "decline"])
    answer = reader.text("answer", needed=decision == "decline")

    def act() -> None:
        reader.check()
        if decision == "approve":
            services.approve(application_id=application_id, actor=me, answer=answer, now=now)
        else:
            services.decline(application_id=application_id, actor=me, answer=answer, now=now)

    said = {
        "approve": gettext("The station is open; its leader gets a notice."),
        "decline": gettext("Declined. Whoever asked can read why."),
    }
    return attempt(request, act, said=said.get(decision, ""), back=reverse("console:stations"), now=now)


@door("shop.edit", FORM)
def station(request: HttpRequest, station_id: int) -> HttpResponse:
    """One station: its address and code, what it takes, its rounds."""
    found, refusal = station_or_404(station_id), None
    if request.method == "POST":
        try:
            _change(Reader(request.POST), station_id, operator_of(request), clock.now())
        except DomainError as refused:
            refusal = refused
        else:
            messages.success(request, gettext("Saved."))
            return redirect("console:station", station_id=station_id)
    sent = Sent(request.POST.dict()) if refusal else Sent({name: str(value) for name, value in vars(found).items()})
    context: dict[str, Any] = {
        "here": "rounds",
        "crumbs": [(gettext("Stations"), reverse("console:stations")), (found.name, None)],
        "station": found,
        "address": _address(request, found),
        "brings_to_door": bool(sent["brings_to_door"]) if refusal else found.brings_to_door,
        "is_open": bool(sent["is_open"]) if refusal else found.is_open,
        "sent": sent,
        "problems": problems_of(refusal),
    }
    return show(request, "station.html", context, status=refusal.status if refusal else 200)


def _change(reader: Reader, station_id: int, me: Member, now: datetime) -> None:
    values: dict[str, Any] = {
        "name": reader.text("name", most=40),
        "area": reader.text("area", most=60),
        "address": reader.text("address", most=120),
        "hours": reader.text("hours", most=60),
        "hours_en": reader.text("hours_en", most=80, needed=False),
        "capacity": reader.whole("capacity", least=1, most=2_000),
        "brings_to_door": reader.ticked("brings_to_door"),
        "is_open": reader.ticked("is_open"),
    }
    reader.check()
    services.change_station(station_id=station_id, **values, actor=me, now=now)


@door("shop.edit")
def sheet(request: HttpRequest, station_id: int) -> HttpResponse:
    """A page with the station's code, to hang beside its door."""
    found = station_or_404(station_id)
    translation.activate(current().language)
    card = QrCard(_address(request, found), found.name, f"{found.area} · {found.address}")
    content = printing.code_sheet(CodeSheet("", (card,), across=1), now=clock.now())
    return pdf(content, f"{found.code}.pdf")


def _address(request: HttpRequest, found: StationRow) -> str:
    return request.build_absolute_uri(reverse("storefront:station", args=[found.code]))
