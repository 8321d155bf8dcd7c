"""Stations: where they are, and what their round sells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from quanzi.community.circles.queries import my_circle_ids
from quanzi.faces.storefront.fronts.drawing import front_of
from quanzi.faces.storefront.shopping.drawing import Row, made_of
from quanzi.faces.storefront.shopping.proving import keepers
from quanzi.faces.storefront.telling.head import head_of_shop
from quanzi.faces.storefront.viewing import id_in, show, viewer_of
from quanzi.faces.ui.device import may_ask
from quanzi.goods.catalogue.queries import first_pictures
from quanzi.goods.pricing.building import shown
from quanzi.growth.fronts.centres import of_station
from quanzi.growth.fronts.policies import may_keep
from quanzi.growth.fronts.queries.fronts import followers
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.trust.models import TieKind
from quanzi.people.trust.queries import live_kinds
from quanzi.trade.sales.rules import MOST_OF_ONE
from quanzi.trade.stations.queries import (
    RoundCard,
    StationCard,
    leader_score,
    nearest,
    round_heads,
    rounds_of_station,
    station_by_code,
)

SCORE_DAYS = 90


@require_safe
def stations(request: HttpRequest) -> HttpResponse:
    """Open stations with what runs there now: the nearest first when the address says where the reader is
    (?at=31.2,121.4), or those whose place reads like the words of a search (?q=锦绣)."""
    here, words, now = _place_in(request.GET.get("at", "")), request.GET.get("q", "")[:60].strip(), clock.now()
    cards = nearest(here=here, words=words)
    context = {"cards": cards, "place": here, "q": words, "heads": round_heads([one.id for one in cards], now=now)}
    return may_ask(show(request, "shopping/stations.html", context), "geolocation")


@require_safe
def station(request: HttpRequest, code: str) -> HttpResponse:
    """The station's page: its round first, then where and when. Chosen amounts lead to the ordinary checkout."""
    found, now = station_by_code(code), clock.now()
    rounds = sorted(rounds_of_station(station_id=found.id, now=now), key=lambda one: not one.takes_orders)
    if "round" in request.GET:
        lines = chosen_lines(request)
        wanted = [("line", line) for line in lines] + [("round", request.GET["round"]), ("station", found.code)]
        if lines:
            return redirect(f"{reverse('storefront:checkout')}?{urlencode(wanted)}")
        messages.info(request, gettext("Choose how many of what you would like."))
    context = {
        "station": found,
        "rounds": rounds,
        "score": leader_score(found.id, since=now - timedelta(days=SCORE_DAYS), now=now) if found.shows_score else None,
        "score_days": SCORE_DAYS,
        "made": _made(rounds),
        "pictures": first_pictures({good.product_id for one in rounds for good in one.goods}),
        "keepers": keepers(viewer_of(request), {good.product_id for one in rounds for good in one.goods}, now=now),
        **_front(found, viewer_of(request), now),
        "address": request.build_absolute_uri(reverse("storefront:station", args=[found.code])),
    }
    here = reverse("storefront:station", args=[found.code])
    context["head"] = head_of_shop(request, here, name=found.name)
    return show(request, "shopping/station.html", context)


def _front(found: StationCard, me: Member | None, now: datetime) -> dict[str, Any]:
    """What its leader says and picks there, who follows them, and the way to arrange it."""
    mine = of_station(id=found.id, code=found.code, name=found.name, leader_id=found.leader_id)
    return {
        "front": front_of(mine, me, my_circle_ids(me) if me is not None else (), now=now),
        "keeps": may_keep(me, mine),
        "followers": followers(found.leader_id),
        "follows": me is not None and TieKind.FOLLOW in live_kinds(me.pk, found.leader_id),
    }


def _made(rounds: Sequence[RoundCard]) -> dict[int, list[Row]]:
    """How the price of goods in these rounds is made, by variant, where the merchant shows it."""
    goods = {good.sku_id: good for one in rounds for good in one.goods}
    return {sku_id: made_of(made, goods[sku_id].price) for sku_id, made in shown(goods).items()}


def chosen_lines(request: HttpRequest) -> list[str]:
    """Lines as a checkout reads them, of the amounts that are not zero."""
    found = []
    for name, value in request.GET.items():
        sku_id, quantity = id_in(name.removeprefix("n")), id_in(str(value))
        if name.startswith("n") and sku_id and quantity and quantity <= MOST_OF_ONE:
            found.append(f"{sku_id}:{quantity}")
    return found


def _place_in(text: str) -> tuple[float, float] | None:
    """Latitude and longitude of an address; None for anything that is no place on the globe."""
    try:
        latitude, longitude = (float(part) for part in text[:40].split(","))
    except ValueError:
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None
