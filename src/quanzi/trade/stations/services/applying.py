"""How a member becomes a leader with a station."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from quanzi.base.audit import services as audit
from quanzi.base.events.services import record
from quanzi.kernel.errors import DomainError, Errors, InvalidInput
from quanzi.kernel.ids import new_code
from quanzi.people.accounts.models import Member
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import PickupPoint
from quanzi.trade.sales.rules import clean
from quanzi.trade.stations import errors, rules
from quanzi.trade.stations.events import ApplicationDecided, StationOpened
from quanzi.trade.stations.models import ApplicationState, Station, StationApplication
from quanzi.trade.stations.states import APPLICATION_MOVES

LONGEST = {"name": 40, "area": 60, "address": 120, "hours": 60, "note": 300}
CODE_LENGTH = 8


def apply_for_station(
    *,
    member: Member,
    name: str,
    area: str,
    address: str,
    hours: str,
    capacity: int,
    latitude: float | None = None,
    longitude: float | None = None,
    note: str = "",
    now: datetime,
) -> StationApplication:
    """Ask to run a station. Raises AppliedAlready, or every field that must be repaired."""
    texts = {"name": name, "area": area, "address": address, "hours": hours, "note": note}
    said = {field: clean(value) for field, value in texts.items()}
    wrong: list[DomainError] = [
        InvalidInput(field=field)
        for field, value in said.items()
        if len(value) > LONGEST[field] or (not value and field != "note")
    ]
    wrong += _place_problems(capacity, latitude, longitude)
    Errors.raise_any(wrong)
    try:
        with transaction.atomic():
            made: StationApplication = StationApplication.objects.create(
                member=member, capacity=capacity, latitude=latitude, longitude=longitude, asked_at=now, **said
            )
    except IntegrityError as taken:
        raise errors.AppliedAlready() from taken
    return made


@transaction.atomic
def approve(*, application_id: int, actor: Member, answer: str = "", now: datetime) -> Station:
    """The member leads a station from now on. Raises NoSuchApplication, OwnApplication, IllegalMove."""
    asked = _decide(application_id, ApplicationState.APPROVED, actor, answer, now)
    point = sales.open_pickup_point(
        leader=asked.member, name=asked.name, address=asked.address, hours=asked.hours,
        latitude=asked.latitude, longitude=asked.longitude, actor=f"staff:{actor.pk}", now=now,
    )  # fmt: skip
    return open_station(point=point, area=asked.area, capacity=asked.capacity, application=asked, actor=actor, now=now)


@transaction.atomic
def decline(*, application_id: int, actor: Member, answer: str, now: datetime) -> StationApplication:
    """Not this time; the member reads the answer. Raises NoSuchApplication, OwnApplication, IllegalMove, InvalidInput."""
    if not clean(answer):
        raise InvalidInput(field="answer")
    return _decide(application_id, ApplicationState.DECLINED, actor, answer, now)


@transaction.atomic
def open_station(
    *,
    point: PickupPoint,
    area: str,
    capacity: int,
    brings_to_door: bool = False,
    shows_score: bool = False,
    application: StationApplication | None = None,
    actor: Member | str,
    now: datetime,
) -> Station:
    """Let a pickup point take part in rounds. Raises InvalidInput, BadCapacity."""
    said = clean(area)
    Errors.raise_any(
        [*([InvalidInput(field="area")] if not 1 <= len(said) <= LONGEST["area"] else []), *_place_problems(capacity)]
    )
    made: Station = Station.objects.create(
        point=point, application=application, code=new_code(CODE_LENGTH).lower(), area=said, capacity=capacity,
        brings_to_door=brings_to_door, shows_score=shows_score, opened_at=now,
    )  # fmt: skip
    after = {"point": point.pk, "capacity": capacity}
    audit.write(actor=actor, action="stations.open", target=f"station:{made.pk}", after=after, now=now)
    record(StationOpened(made.pk, point_id=point.pk, leader_id=point.leader_id), now=now)
    return made


@transaction.atomic
def change_station(
    *,
    station_id: int,
    name: str,
    area: str,
    address: str,
    hours: str,
    hours_en: str = "",
    capacity: int,
    brings_to_door: bool,
    is_open: bool = True,
    actor: Member | str,
    now: datetime,
) -> Station:
    """For rounds that open later; those that run keep the capacity they began with. is_open false pauses it: no new order.

    Raises NoSuchStation, InvalidInput, BadCapacity.
    """
    found = Station.objects.select_for_update(of=("self",)).select_related("point").filter(pk=station_id).first()
    if found is None:
        raise errors.NoSuchStation()
    said = clean(area)
    Errors.raise_any(
        [*([InvalidInput(field="area")] if not 1 <= len(said) <= LONGEST["area"] else []), *_place_problems(capacity)]
    )
    before = _terms(found)
    found.area, found.capacity, found.brings_to_door = said, capacity, brings_to_door
    found.save(update_fields=["area", "capacity", "brings_to_door"])
    sales.update_pickup_point(
        point=found.point, name=name, address=address, hours=hours, hours_en=hours_en, is_open=is_open,
        actor=actor if isinstance(actor, str) else f"staff:{actor.pk}", now=now,
    )  # fmt: skip
    audit.write(actor=actor, action="stations.change", target=f"station:{found.pk}", before=before, after=_terms(found), now=now)  # fmt: skip
    return found


def _terms(station: Station) -> dict[str, Any]:
    return {"area": station.area, "capacity": station.capacity, "brings_to_door": station.brings_to_door}


def _decide(application_id: int, after: str, actor: Member, answer: str, now: datetime) -> StationApplication:
    asked = StationApplication.objects.select_for_update(of=("self",)).select_related("member").filter(pk=application_id).first()  # fmt: skip
    if asked is None:
        raise errors.NoSuchApplication()
    if asked.member_id == actor.pk:
        raise errors.OwnApplication()
    APPLICATION_MOVES.check(asked.state, after)
    asked.state, asked.decided_at, asked.decided_by, asked.answer = after, now, actor, clean(answer)[:200]
    asked.save(update_fields=["state", "decided_at", "decided_by", "answer"])
    audit.write(actor=actor, action=f"stations.{after}", target=f"application:{asked.pk}", now=now)
    is_approved = after == ApplicationState.APPROVED
    record(ApplicationDecided(asked.pk, member_id=asked.member_id, is_approved=is_approved), now=now)
    return asked


def _place_problems(capacity: int, latitude: float | None = None, longitude: float | None = None) -> list[DomainError]:
    wrong: list[DomainError] = []
    if type(capacity) is not int or not 1 <= capacity <= 2000:
        wrong.append(errors.BadCapacity(field="capacity"))
    if not rules.is_place(latitude, longitude):
        wrong.append(errors.BadPlace(field="latitude"))
    return wrong
