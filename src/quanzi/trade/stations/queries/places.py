"""Stations to choose from, the nearest first."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from quanzi.trade.stations.errors import NoSuchStation
from quanzi.trade.stations.models import Station
from quanzi.trade.stations.rules import distance_m


@dataclass(frozen=True)
class StationCard:
    """distance_m: from where the reader said they are, None when nothing was said or the place has no coordinates."""

    id: int
    code: str
    point_id: int
    name: str
    area: str
    address: str
    hours: str
    hours_en: str
    leader_id: int
    leader_name: str
    brings_to_door: bool
    is_open: bool
    shows_score: bool
    distance_m: int | None = None


def nearest(*, here: tuple[float, float] | None = None, words: str = "", limit: int = 50) -> list[StationCard]:
    """Open stations, those nearest to `here` (latitude, longitude) first, places without coordinates last.

    words: each must stand in the station's name, area or address.
    """
    found = Station.objects.filter(point__is_open=True).select_related("point__leader").order_by("id")
    for word in words.split()[:5]:
        found = found.filter(
            Q(area__icontains=word) | Q(point__name__icontains=word) | Q(point__address__icontains=word)
        )
    cards = [_card(one, here) for one in found]
    if here is not None:
        cards.sort(key=lambda card: (card.distance_m is None, card.distance_m or 0, card.id))
    return cards[:limit]


def station_by_code(code: str) -> StationCard:
    """Raises NoSuchStation."""
    found = Station.objects.select_related("point__leader").filter(code=code.lower()[:12]).first()
    if found is None:
        raise NoSuchStation()
    return _card(found, None)


def station_of_point(point_id: int) -> StationCard | None:
    found = Station.objects.select_related("point__leader").filter(point_id=point_id).first()
    return _card(found, None) if found else None


def stations_of(*, leader_id: int) -> list[StationCard]:
    """The stations that a member leads."""
    found = Station.objects.select_related("point__leader").filter(point__leader_id=leader_id)
    return [_card(one, None) for one in found.order_by("id")]


def _card(station: Station, here: tuple[float, float] | None) -> StationCard:
    point = station.point
    there = (point.latitude, point.longitude)
    away = None
    if here is not None and there[0] is not None and there[1] is not None:
        away = distance_m(here, (there[0], there[1]))
    return StationCard(
        id=station.pk, code=station.code, point_id=point.pk, name=point.name, area=station.area, address=point.address,
        hours=point.hours, hours_en=point.hours_en, leader_id=point.leader_id, leader_name=point.leader.name,
        brings_to_door=station.brings_to_door, is_open=point.is_open, shows_score=station.shows_score, distance_m=away,
    )  # fmt: skip
