"""Into the queue, and out of it."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from quanzi.base import planned
from quanzi.kernel.ids import new_code
from quanzi.people.accounts.models import Member
from quanzi.trade.launches import errors, rules
from quanzi.trade.launches.models import Launch, LaunchState, Place, PlaceState
from quanzi.trade.launches.services import turning

SHARE = "SELECT state FROM launches_launch WHERE id = %s FOR SHARE"
CODE_LENGTH = 10


@transaction.atomic
def enter(*, launch_id: int, member: Member, wanted: int = 1, now: datetime) -> Place:
    """Take the one place of this member; wanted: units. Before the start the lot decides, later the order of arrival.

    People who enter before the start do not wait for each other. Raises NoSuchLaunch, EntryClosed, BadWanted, InAlready.
    """
    launch = Launch.objects.filter(pk=launch_id).first()
    if launch is None:
        raise errors.NoSuchLaunch()
    if type(wanted) is not int or not 1 <= wanted <= launch.limit_each:
        raise errors.BadWanted(field="wanted", most=launch.limit_each)
    _check_open(launch, now)
    position = None if now < launch.starts_at else _last(launch.pk, now)
    if position is None and planned.rows(SHARE, [launch_id]) != [(LaunchState.PLANNED,)]:
        raise errors.EntryClosed()
    try:
        with transaction.atomic():
            made: Place = Place.objects.create(
                launch_id=launch_id, member=member, code=new_code(CODE_LENGTH), wanted=wanted, entered_at=now,
                position=position,
            )  # fmt: skip
    except IntegrityError as taken:
        if "launch_place_one_each" in str(taken):
            raise errors.InAlready() from taken
        raise
    if position is not None:
        turning.advance(turning.locked(launch_id), now)
        made.refresh_from_db()
    return made


def _check_open(launch: Launch, now: datetime) -> None:
    if launch.state in (LaunchState.OVER, LaunchState.CALLED_OFF):
        raise errors.LaunchOver()
    if not rules.takes_entries(
        state=launch.state, entry_opens_at=launch.entry_opens_at, ends_at=launch.ends_at, now=now
    ):
        raise errors.EntryClosed()


def _last(launch_id: int, now: datetime) -> int:
    """The place behind everybody else, once the lot is drawn; whoever comes first after the start sees to that."""
    launch = turning.locked(launch_id)
    turning.begin(launch, now)
    turning.advance(launch, now)
    _check_open(launch, now)
    return 1 + (Place.objects.filter(launch=launch).aggregate(last=Max("position"))["last"] or 0)


@transaction.atomic
def leave(*, launch_id: int, member: Member, now: datetime) -> None:
    """Give the place up; a turn goes to the next at once. Raises NoSuchLaunch, NotIn."""
    launch = turning.locked(launch_id)
    place = Place.objects.filter(launch=launch, member=member, state__in=[PlaceState.WAITING, PlaceState.TURN]).first()
    if place is None:
        raise errors.NotIn()
    launch.taken -= place.granted
    place.state, place.granted, place.ended_at = PlaceState.LEFT, 0, now
    place.save(update_fields=["state", "granted", "ended_at"])
    turning.begin(launch, now)
    turning.advance(launch, now)
