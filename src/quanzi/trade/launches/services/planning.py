"""A launch is planned: goods set aside, the seed of its lot sealed."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from quanzi.base.audit import services as audit
from quanzi.base.events.services import record
from quanzi.base.jobs.services import enqueue
from quanzi.goods.catalogue.models import Sku
from quanzi.kernel.errors import DomainError, Errors, InvalidInput
from quanzi.kernel.ids import new_code
from quanzi.people.accounts.models import Member
from quanzi.trade.launches import errors, rules
from quanzi.trade.launches.events import LaunchPlanned
from quanzi.trade.launches.models import Launch, LaunchState, Seal
from quanzi.trade.launches.services import shelf, turning
from quanzi.trade.launches.states import LAUNCH_MOVES
from quanzi.trade.sales.rules import clean

MOST_UNITS, LONGEST_TURN = 5_000, 60


@transaction.atomic
def plan_launch(
    *,
    title: str,
    sku_id: int,
    price_minor: int,
    units: int,
    limit_each: int = 1,
    entry_opens_at: datetime,
    starts_at: datetime,
    ends_at: datetime,
    turn_minutes: int = 5,
    is_demo: bool = False,
    actor: Member | str,
    now: datetime,
) -> Launch:
    """Set the goods aside and seal the seed; its hash is told at once. turn_minutes: for ordering, and then for paying.

    Raises all that is wrong at once: InvalidInput, BadLaunchTimes, BadLaunchPrice, BadLaunchUnits; then OutOfStock.
    """
    said, sku = clean(title), Sku.objects.filter(pk=sku_id).first()
    wrong: list[DomainError] = []
    if not 1 <= len(said) <= 40:
        wrong.append(InvalidInput(field="title"))
    if sku is None:
        wrong.append(InvalidInput(field="sku_id"))
    elif not 0 < price_minor <= sku.price_minor:
        wrong.append(errors.BadLaunchPrice(field="price"))
    if not (entry_opens_at < starts_at < ends_at and now < starts_at):
        wrong.append(errors.BadLaunchTimes(field="starts_at"))
    if not (1 <= limit_each <= units <= MOST_UNITS and 1 <= turn_minutes <= LONGEST_TURN):
        wrong.append(errors.BadLaunchUnits(field="units"))
    Errors.raise_any(wrong)
    seed = secrets.token_hex(32)
    made: Launch = Launch(
        code=new_code(8).lower(), title=said, sku_id=sku_id, price_minor=price_minor,
        currency=sku.currency if sku else "CNY", units=units, limit_each=limit_each, entry_opens_at=entry_opens_at,
        starts_at=starts_at, ends_at=ends_at, turn_minutes=turn_minutes, seed_hash=rules.seal_of(seed), held=units,
        is_demo=is_demo,
    )  # fmt: skip
    made.save(force_insert=True)
    Seal.objects.create(launch=made, seed=seed)
    made.held = 0
    shelf.set_aside(made, units, now)
    after = {"sku": sku_id, "units": units, "price_minor": price_minor, "starts_at": starts_at.isoformat()}
    audit.write(actor=actor, action="launches.plan", target=f"launch:{made.pk}", after=after, now=now)
    record(LaunchPlanned(made.pk), now=now)
    for at in (starts_at, ends_at):
        enqueue("launches.run", run_at=at, launch_id=made.pk)
    return made


@transaction.atomic
def call_off(*, launch_id: int, actor: Member | str, now: datetime) -> None:
    """No more turns; everybody in the queue is told. Orders that were placed stand. Raises NoSuchLaunch, IllegalMove."""
    launch = turning.locked(launch_id)
    LAUNCH_MOVES.check(launch.state, LaunchState.CALLED_OFF)
    turning.end(launch, state=LaunchState.CALLED_OFF, reason=LaunchState.CALLED_OFF, now=now)
    audit.write(actor=actor, action="launches.call_off", target=f"launch:{launch.pk}", now=now)
