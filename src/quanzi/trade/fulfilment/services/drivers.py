"""Drivers: asked by the staff, a yes of their own, an end that works at once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanzi.base.audit import services as audit
from quanzi.people.accounts.models import Member
from quanzi.people.contact.services import notify
from quanzi.trade.fulfilment import errors, policies
from quanzi.trade.fulfilment.models import Driver, Run, RunState


@transaction.atomic
def invite_driver(*, member: Member, actor: Member, now: datetime) -> Driver:
    """Ask a member to drive; they are told. Who was asked before is not asked again. Raises DrivesAlready for staff who need no asking."""
    known = Driver.objects.select_for_update().filter(member=member, ended_at=None).first()
    if known is not None:
        return known
    if policies.may_drive(member):
        raise errors.DrivesAlready()
    made: Driver = Driver.objects.create(member=member, invited_at=now, invited_by=f"staff:{actor.pk}")
    audit.write(actor=actor, action="driver.invite", target=f"driver:{made.pk}", after={"member": member.pk}, now=now)
    notify(
        member_id=member.pk, kind="driver_invited", params={}, link="/drive/invitation", key=f"driver:{made.pk}",
        now=now,
    )  # fmt: skip
    return made


@transaction.atomic
def accept_driving(*, member: Member, now: datetime) -> Driver:
    """The member says yes. Again changes nothing. Raises NotAsked."""
    found = Driver.objects.select_for_update().filter(member=member, ended_at=None).first()
    if found is None:
        raise errors.NotAsked()
    if found.accepted_at is None:
        found.accepted_at = now
        found.save(update_fields=["accepted_at"])
        audit.write(actor=member, action="driver.accept", target=f"driver:{found.pk}", now=now)
    return found


@transaction.atomic
def stop_driving(*, member: Member, now: datetime) -> None:
    """The member says no, or no longer. Their runs wait for another driver. Again changes nothing."""
    found = Driver.objects.select_for_update().filter(member=member, ended_at=None).first()
    if found is not None:
        _end(found, f"member:{member.pk}", member, now)


@transaction.atomic
def end_driver(*, driver_id: int, actor: Member, now: datetime) -> None:
    """The staff takes the right away: pages and acts of the driver end now. Again changes nothing. Raises NoSuchDriver."""
    found = Driver.objects.select_for_update().filter(pk=driver_id).first()
    if found is None:
        raise errors.NoSuchDriver()
    if found.ended_at is None:
        _end(found, f"staff:{actor.pk}", actor, now)


def _end(found: Driver, by: str, actor: Member, now: datetime) -> None:
    found.ended_at, found.ended_by = now, by
    found.save(update_fields=["ended_at", "ended_by"])
    audit.write(actor=actor, action="driver.end", target=f"driver:{found.pk}", now=now)


@transaction.atomic
def give_run(*, run_id: int, driver: Member, actor: Member, now: datetime) -> Run:
    """Another driver takes a run over, also under way. Raises NoSuchRun, MayNotDrive, RunIsOver."""
    run = Run.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        raise errors.NoSuchRun()
    if run.state not in (RunState.PLANNED, RunState.UNDER_WAY):
        raise errors.RunIsOver()
    if not policies.may_drive(driver):
        raise errors.MayNotDrive(field="driver")
    if run.driver_id != driver.pk:
        before, run.driver = run.driver_id, driver
        run.save(update_fields=["driver"])
        audit.write(
            actor=actor, action="run.give", target=f"run:{run.pk}", before={"driver": before}, after={"driver": driver.pk},
            now=now,
        )  # fmt: skip
    return run
