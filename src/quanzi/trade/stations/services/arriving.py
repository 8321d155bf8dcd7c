"""Goods come to a station: counted lot by lot, then whoever's goods are all here is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from quanzi.base.audit import services as audit
from quanzi.base.events.services import record
from quanzi.base.media.models import Picture
from quanzi.goods.catalogue.models import Lot
from quanzi.kernel import crash
from quanzi.people.accounts.models import Member
from quanzi.trade.fulfilment import services as fulfilment
from quanzi.trade.fulfilment.models import Fulfilment
from quanzi.trade.fulfilment.services import runs
from quanzi.trade.sales.rules import clean
from quanzi.trade.stations import errors, policies, queries, rules
from quanzi.trade.stations.events import GoodsArrived
from quanzi.trade.stations.loads import ref_of
from quanzi.trade.stations.models import Arrival, RoundState, Stop
from quanzi.trade.stations.services import acts


@dataclass(frozen=True)
class Counted:
    """told: buyers whose goods are all here now; missing: units that were expected and are not fit or not here."""

    arrival_id: int
    missing: int
    told: int


@transaction.atomic
def count_arrival(
    *,
    stop_id: int,
    lot_id: int,
    arrived: int,
    damaged: int = 0,
    temperature_tenths: int | None = None,
    note: str = "",
    picture_ids: Sequence[int] = (),
    actor: Member,
    key: str,
    now: datetime,
) -> Counted:
    """Write down one lot at one stop; counting it again corrects it. Buyers whose goods are complete get their codes.

    damaged: units of `arrived` that nobody gets; temperature_tenths: 0.1 °C. The same key finds the first answer.
    Raises NoSuchStation (also for who does not run it), NotCutOff, NotOfRound, BadCount, ActReused.
    """
    stop = (
        Stop.objects.select_for_update(of=("self",))
        .select_related("station__point", "round")
        .filter(pk=stop_id)
        .first()
    )
    if stop is None or not policies.may_run(actor, stop.station):
        raise errors.NoSuchStation()
    # A phone that sends again stores its pictures again: they are not what tells two acts apart.
    what = (stop_id, lot_id, arrived, damaged, temperature_tenths, note)
    act = acts.begin(member=actor, key=key, what=what, now=now)
    if act.done_at is not None:
        return Counted(**act.answer)
    expected = {row.sku_id: row.quantity for row in queries.expected(stop_id=stop.pk)}
    lot = Lot.objects.filter(pk=lot_id).first()
    if stop.round.state != RoundState.CLOSED:
        raise errors.NotCutOff()
    if lot is None or lot.sku_id not in expected:
        raise errors.NotOfRound(field="lot_id")
    if arrived < 0 or not 0 <= damaged <= arrived:
        raise errors.BadCount(field="damaged")
    made = _write(stop, lot, arrived, damaged, temperature_tenths, clean(note)[:200], actor, now)
    made.pictures.add(*Picture.objects.filter(pk__in=picture_ids, owner_id=actor.pk))
    runs.taken_in(ref=ref_of(stop.pk), now=now)  # the count is the hand-over to the station
    crash.point("stations.arrival.written")
    waiting = sum(line.quantity for line in queries.waiting_lines(stop_id=stop.pk) if line.sku_id == lot.sku_id)
    missing = max(0, waiting - queries.fit_units(stop_id=stop.pk, now=now).get(lot.sku_id, 0))
    told = serve(stop=stop, actor=f"member:{actor.pk}", now=now)
    counted = Counted(arrival_id=made.pk, missing=missing, told=told)
    record(
        GoodsArrived(
            stop.round_id, station_id=stop.station_id, lot_id=lot.pk, arrived=arrived, damaged=damaged, missing=missing
        ),
        now=now,
    )
    acts.end(act, vars(counted), now)
    return counted


def _write(
    stop: Stop, lot: Lot, arrived: int, damaged: int, tenths: int | None, note: str, actor: Member, now: datetime
) -> Arrival:
    values = {"arrived": arrived, "damaged": damaged, "temperature_tenths": tenths, "note": note}
    before = Arrival.objects.filter(stop=stop, lot=lot).values(*values).first()
    made: Arrival
    made, _ = Arrival.objects.update_or_create(
        stop=stop, lot=lot, defaults={**values, "counted_at": now, "counted_by": actor}
    )
    audit.write(
        actor=actor, action="stations.count", target=f"arrival:{made.pk}",
        before={"arrived": before["arrived"], "damaged": before["damaged"]} if before else None,
        after={"arrived": arrived, "damaged": damaged, "temperature_tenths": tenths}, now=now,
    )  # fmt: skip
    return made


def serve(*, stop: Stop, actor: str, now: datetime) -> int:
    """Tell everybody whose goods are all here, in the order in which they paid; returns how many. The stop is locked."""
    baskets = queries.baskets(stop_id=stop.pk)
    filled = rules.complete(baskets, queries.fit_units(stop_id=stop.pk, now=now))
    for order_id in filled:
        fulfilment.open_for(order_id=order_id, now=now)  # the event that opens it may still be on its way
        found = Fulfilment.objects.filter(order_id=order_id).first()
        if found is not None:
            fulfilment.make_ready(fulfilment_id=found.pk, actor=actor, now=now)
    return len(filled)
