"""Locking a batch and its places, and moving their states. Order of locks: batch → place → order → payment → stock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F

from quanzi.trade.preorders import errors
from quanzi.trade.preorders.models import Place, PlaceState, Preorder
from quanzi.trade.preorders.states import PLACE_MOVES, PREORDER_MOVES

COUNTED = (PlaceState.HELD, PlaceState.SETTLED)
"""A place that counts in the batch: its deposit is here."""


def lock_preorder(preorder_id: int) -> Preorder:
    """The batch under a row lock. Raises NoSuchPreorder."""
    found: Preorder | None = Preorder.objects.select_for_update(no_key=True).filter(pk=preorder_id).first()
    if found is None:
        raise errors.NoSuchPreorder()
    return found


def lock_place(place_id: int) -> Place:
    """A place, after its batch, which hangs on it as `preorder`. Raises NoSuchPlace."""
    preorder_id = Place.objects.filter(pk=place_id).values_list("preorder_id", flat=True).first()
    if preorder_id is None:
        raise errors.NoSuchPlace()
    preorder = lock_preorder(preorder_id)
    place: Place = Place.objects.select_for_update().get(pk=place_id)
    place.preorder = preorder
    return place


def own_place(place_id: int, member_id: int) -> Place:
    """`lock_place` for whose it is; somebody else's does not exist (NoSuchPlace)."""
    if not Place.objects.filter(pk=place_id, member_id=member_id).exists():
        raise errors.NoSuchPlace()
    return lock_place(place_id)


def move_preorder(preorder: Preorder, after: str, *, also: Iterable[str] = ()) -> None:
    """Raises IllegalMove."""
    PREORDER_MOVES.check(preorder.state, after)
    preorder.state = after
    preorder.save(update_fields=["state", *also])


def move_place(place: Place, after: str, *, also: Iterable[str] = ()) -> None:
    """Raises IllegalMove."""
    PLACE_MOVES.check(place.state, after)
    place.state = after
    place.save(update_fields=["state", *also])


def end_place(place: Place, after: str, *, reason: str, now: datetime) -> None:
    """The place ends; one that counted makes room for somebody else."""
    counted = place.state in COUNTED
    place.ended_at, place.end_reason = now, reason[:60]
    move_place(place, after, also=["ended_at", "end_reason"])
    if counted:
        Preorder.objects.filter(pk=place.preorder_id).update(taken=F("taken") - place.quantity)
        place.preorder.taken -= place.quantity
