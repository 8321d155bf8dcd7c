"""What people in a queue hear. It is their own affair: nobody who did not enter is written to."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.events.registry import react_to
from quanzi.kernel.clock import local
from quanzi.people.contact.services import notify
from quanzi.trade.launches.events import LaunchEnded, PieceOffered, TurnGiven, TurnPassed
from quanzi.trade.launches.models import Ask, Launch, Place, PlaceState


@react_to(TurnGiven, consumer="launches.tell_turn")
def tell_turn(event: TurnGiven, *, now: datetime) -> None:
    place = Place.objects.select_related("launch").get(pk=event.place_id)
    if place.turn_until is None:
        return
    params = {"title": place.launch.title, "until": f"{local(place.turn_until):%H:%M}"}
    _tell(place, "launch_turn", params, now)


@react_to(TurnPassed, consumer="launches.tell_passed")
def tell_passed(event: TurnPassed, *, now: datetime) -> None:
    place = Place.objects.select_related("launch").get(pk=event.place_id)
    _tell(place, "launch_passed", {"title": place.launch.title}, now)


@react_to(LaunchEnded, consumer="launches.tell_unserved")
def tell_unserved(event: LaunchEnded, *, now: datetime) -> None:
    """Everybody who waited in vain reads that it is over and that nothing was charged."""
    launch = Launch.objects.get(pk=event.launch_id)
    kind = {"sold_out": "launch_sold_out", "time": "launch_time_up"}.get(event.reason, "launch_called_off")
    waited = Place.objects.select_related("launch").filter(launch=launch, state=PlaceState.UNSERVED).order_by("id")
    for place in waited.iterator(chunk_size=500):
        _tell(place, kind, {"title": launch.title}, now)


@react_to(PieceOffered, consumer="launches.tell_piece")
def tell_piece(event: PieceOffered, *, now: datetime) -> None:
    ask = Ask.objects.select_related("edition__sku__product", "piece").get(pk=event.ask_id)
    if ask.piece is None or ask.turn_until is None:
        return
    notify(
        member_id=ask.member_id, kind="piece_offered", link=f"/edition/{ask.edition.code}", key=f"piece:{ask.pk}", now=now,
        params={"title": ask.edition.sku.product.name, "number": ask.piece.number, "until": f"{local(ask.turn_until):%m-%d %H:%M}"},
    )  # fmt: skip


def _tell(place: Place, kind: str, params: dict[str, str], now: datetime) -> None:
    link = f"/launch/{place.launch.code}"
    notify(member_id=place.member_id, kind=kind, params=params, link=link, key=f"{kind}:{place.pk}", now=now)
