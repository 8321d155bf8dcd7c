"""A leader's day on the phone: what to do now, the list of who comes, handing over, counting. One hand, bad network.

Its forms survive a bad network: see storefront/keeping.py.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quanzi.faces.storefront.forms import pictures_of, problems
from quanzi.faces.storefront.keeping import answer, is_kept_act
from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show
from quanzi.faces.ui.device import may_ask
from quanzi.goods.catalogue.rules import is_warm
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.kernel.ids import new_token
from quanzi.people.accounts.models import Member
from quanzi.trade.stations.errors import BadTemperature, UnreadableCount
from quanzi.trade.stations.queries import (
    ArrivalSheet,
    StationCard,
    act_is_done,
    arrival_sheet,
    day_of,
    earnings_of,
    fresh_rows,
    pay_of,
    pick_rows,
    settlements,
    stations_of,
)
from quanzi.trade.stations.rules import LEVELS
from quanzi.trade.stations.services import count_arrival, hand_over, remind

KEPT_SINCE = timedelta(weeks=4)
PAGE = 50
LEVEL_NAMES = {
    "new": gettext_lazy("New station"),
    "steady": gettext_lazy("Steady station"),
    "good": gettext_lazy("Good station"),
    "best": gettext_lazy("Best station"),
}
PICTURES = 3
"""Of one lot."""


def my_station(request: HttpRequest) -> tuple[Member, StationCard, list[tuple[str, str, bool]]]:
    """Who leads, the station that is meant, and chips for the others. For everybody who leads none, the page does not exist."""
    me = member_of(request)
    mine = stations_of(leader_id=me.pk)
    if not mine:
        raise NotFound
    wanted = id_in(request.POST.get("station") or request.GET.get("station"))
    chosen = next((one for one in mine if one.id == wanted), mine[0])
    return me, chosen, [(one.name, f"{request.path}?station={one.id}", one == chosen) for one in mine]


@members_only
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """What has to be done at my station now, the round that runs, and what became of the goods."""
    me, chosen, chips = my_station(request)
    now = clock.now()
    day = day_of(station_id=chosen.id, now=now, since=now - KEPT_SINCE)
    context: dict[str, Any] = {
        "leader": me, "station": chosen, "stations": chips, "day": day, "now": now,
        "pay": pay_of(leader_id=me.pk, now=now), "level": LEVEL_NAMES, "fresh": fresh_rows(station_id=chosen.id),
    }  # fmt: skip
    return show(request, "shopping/leader_today.html", context)


@members_only
@require_safe
def pay(request: HttpRequest) -> HttpResponse:
    """What I earned by handing over: what is payable, what waits, what was settled; and how my level is computed."""
    me, chosen, _ = my_station(request)
    rows = earnings_of(leader_id=me.pk, before_id=id_in(request.GET.get("before")), limit=PAGE + 1)
    context: dict[str, Any] = {
        "station": chosen,
        "pay": pay_of(leader_id=me.pk, now=clock.now()),
        "rows": rows[:PAGE],
        "settled": settlements(leader_id=me.pk, limit=20),
        "level": LEVEL_NAMES,
        "steps": LEVELS,
        "next": f"{request.path}?before={rows[PAGE - 1].id}" if len(rows) > PAGE else None,
    }
    return show(request, "shopping/leader_pay.html", context)


@members_only
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Who comes: goods that are here, goods that are carried up, who did not come, who has to wait."""
    _, chosen, chips = my_station(request)
    now = clock.now()
    day = day_of(station_id=chosen.id, now=now, since=now)
    stops = [one for one in (day.at_work, *day.before) if one is not None]
    rows = [row for stop in stops for row in pick_rows(stop_id=stop.stop_id)]
    ready = [row for row in rows if row.state == "ready"]
    context: dict[str, Any] = {
        "station": chosen,
        "stations": chips,
        "at_work": day.at_work,
        "missed": [row for row in ready if row.missed_at],
        "fresh": fresh_rows(station_id=chosen.id),
        "now": now,
        "to_door": [row for row in ready if row.to_door and not row.missed_at],
        "ready": [row for row in ready if not row.to_door and not row.missed_at],
        "waiting": [row for row in rows if row.state == "waiting"],
        "handed": sum(row.state == "handed_over" for row in rows),
    }
    return show(request, "shopping/leader_people.html", context)


@members_only
@require_POST
def remind_buyer(request: HttpRequest) -> HttpResponse:
    """Ask somebody to come for their goods, once."""
    me, chosen, _ = my_station(request)

    def act() -> str:
        was_asked = remind(entry_id=id_in(request.POST.get("entry")) or 0, actor=me, now=clock.now())
        return gettext("They have been asked to come.") if was_asked else gettext("They were asked before.")

    return answer(request, act, back=f"{reverse('storefront:leader_people')}?station={chosen.id}")


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest) -> HttpResponse:
    """Hand over to whoever says or shows the code. Without a network the phone keeps it and sends it later."""
    me, chosen, chips = my_station(request)
    if request.method == "POST":
        return answer(
            request,
            lambda: _give(request, me, chosen, clock.now()),
            back=f"{reverse('storefront:leader_give')}?station={chosen.id}",
        )
    context = {"station": chosen, "stations": chips, "key": new_token()}
    return may_ask(show(request, "shopping/leader_give.html", context), "camera")


def _give(request: HttpRequest, me: Member, chosen: StationCard, now: datetime) -> str:
    said, key = request.POST.get("code", "")[:40], request.POST.get("key", "")
    handed = hand_over(station_id=chosen.id, code=said, actor=me, key=key, now=now)
    return gettext("Handed over to %(name)s.") % {"name": handed.buyer_name}


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def arrivals(request: HttpRequest) -> HttpResponse:
    """Count what came to my station, one lot after the other."""
    me, chosen, chips = my_station(request)
    now = clock.now()
    sheet = arrival_sheet(station_id=chosen.id, now=now)
    here = f"{reverse('storefront:leader_arrivals')}?station={chosen.id}"
    refusal: DomainError | None = None
    if request.method == "POST":
        if is_kept_act(request):
            return answer(request, lambda: _count(request, me, sheet, now), back=here)
        try:
            messages.success(request, _count(request, me, sheet, now))
        except NotFound:
            raise
        except DomainError as refused:
            refusal = refused
        else:
            return redirect(here)
    context: dict[str, Any] = {
        "station": chosen, "stations": chips, "sheet": sheet, "key": new_token(), "problems": problems(refusal),
    }  # fmt: skip
    page = show(request, "shopping/leader_arrivals.html", context, status=refusal.status if refusal else 200)
    return may_ask(page, "camera")


def _count(request: HttpRequest, me: Member, sheet: ArrivalSheet | None, now: datetime) -> str:
    key, lot_id = request.POST.get("key", ""), id_in(request.POST.get("lot")) or 0
    stop_id = id_in(request.POST.get("stop")) or (sheet.stop_id if sheet else 0)
    pictures = []
    if not act_is_done(member_id=me.pk, key=key):
        pictures = pictures_of(request, "photos", owner=me, purpose="arrival", most=PICTURES, now=now)
    degrees = _tenths(request.POST.get("temperature", ""))
    counted = count_arrival(
        stop_id=stop_id, lot_id=lot_id, arrived=_units(request, "arrived"), damaged=_units(request, "damaged"),
        temperature_tenths=degrees, picture_ids=[one.pk for one in pictures], actor=me, key=key, now=now,
    )  # fmt: skip
    lot = next((one for one in sheet.lots if one.lot_id == lot_id), None) if sheet else None
    if lot is not None and is_warm(lot.storage, degrees):
        return gettext("Counted, but it is not as cold as it must be: put it aside, take a photo and tell the shop.")
    if counted.missing:
        return ngettext(
            "Counted. %(n)d is missing; the shop sees it.", "Counted. %(n)d are missing; the shop sees it.", counted.missing
        ) % {"n": counted.missing}  # fmt: skip
    return gettext("Counted, nothing is missing.")


def _units(request: HttpRequest, field: str) -> int:
    """A count; an empty field is none. Raises UnreadableCount."""
    found = id_in(request.POST.get(field, "").strip() or "0")
    if found is None or found > 9_999:
        raise UnreadableCount(field=field)
    return found


def _tenths(text: str) -> int | None:
    """Tenths of a degree of "3.5", "−18 ℃" or "4度"; None for an empty field. Raises BadTemperature."""
    if not text.strip():
        return None
    said = text.replace("，", ".").replace(",", ".").replace("−", "-").rstrip("°℃度Cc ")
    try:
        value = round(float(said) * 10)
    except (ValueError, OverflowError):
        raise BadTemperature(field="temperature") from None
    if not -600 <= value <= 800:
        raise BadTemperature(field="temperature")
    return value
