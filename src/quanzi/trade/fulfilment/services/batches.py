"""Many orders sent off in one act, each on its own: what one is refused for does not stop the others."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from quanzi.base.audit import services as audit
from quanzi.base.jobs import services as jobs
from quanzi.kernel import crash
from quanzi.kernel.errors import DomainError
from quanzi.people.accounts.models import Member
from quanzi.trade.fulfilment import carriers, errors
from quanzi.trade.fulfilment.models import Booking, DispatchBatch, DispatchRow, DispatchState, Fulfilment
from quanzi.trade.fulfilment.services.booking import ask_number, book
from quanzi.trade.fulfilment.services.parcels import open_parcels, pack, ship_parcel

MOST = 500
MOST_SAID = 400


class Sending(NamedTuple):
    """One order to send off; without a carrier of its own the batch's service is asked for a number."""

    fulfilment_id: int
    carrier: str = ""
    tracking: str = ""


@transaction.atomic
def start(
    *, rows: Sequence[Sending], service: str = "", actor_member: Member, key: str, now: datetime
) -> DispatchBatch:
    """Write down what is to be sent; the sending goes on in the background. The same key again is the same batch.

    Raises NothingToSend, TooManyAtOnce, NoSuchService, CarrierNeeded where a row has neither carrier nor service.
    """
    known = DispatchBatch.objects.filter(key=key).first()
    if known is not None:
        return known
    wanted = list({row.fulfilment_id: row for row in rows}.values())
    if not wanted:
        raise errors.NothingToSend()
    if len(wanted) > MOST:
        raise errors.TooManyAtOnce(most=MOST)
    if service and carriers.get(service) is None:
        raise errors.NoSuchService(field="service")
    if not service and not all(row.carrier for row in wanted):
        raise errors.CarrierNeeded(field="carrier", most=40)
    made = DispatchBatch.objects.create(made_by=actor_member, made_at=now, service=service, key=key)
    there = set(Fulfilment.objects.filter(pk__in=[row.fulfilment_id for row in wanted]).values_list("pk", flat=True))
    DispatchRow.objects.bulk_create(
        DispatchRow(batch=made, fulfilment_id=row.fulfilment_id, carrier=row.carrier[:40], tracking=row.tracking[:60])
        for row in wanted
        if row.fulfilment_id in there
    )
    crash.point("fulfilment.batch.written")
    audit.write(
        actor=actor_member,
        action="orders.dispatch",
        target=f"dispatch:{made.pk}",
        after={"orders": len(wanted)},
        now=now,
    )
    jobs.enqueue("fulfilment.dispatch", unique=f"fulfilment.dispatch:{made.pk}", batch_id=made.pk)
    return made


def work(*, batch_id: int, now: datetime) -> int:
    """Send what of the batch is not sent; safe to repeat after a crash. Returns how many rows ended by this call."""
    batch = DispatchBatch.objects.select_related("made_by").get(pk=batch_id)
    rows = batch.rows.filter(state=DispatchState.WAITING).order_by("id")
    ended = sum(_one(batch, row_id, now) for row_id in list(rows.values_list("pk", flat=True)))
    if not batch.rows.filter(state=DispatchState.WAITING).exists():
        DispatchBatch.objects.filter(pk=batch_id, done_at=None).update(done_at=now)
    return ended


def _one(batch: DispatchBatch, row_id: int, now: datetime) -> bool:
    row = DispatchRow.objects.get(pk=row_id)
    parcel_id, refusal = row.parcel_id, ""
    try:
        if parcel_id is None:
            parcel_id = _packed(batch, row, now)
        carrier, tracking = row.carrier, row.tracking
        if not carrier:
            carrier, tracking = _number(batch, parcel_id, now)
            if not carrier:
                return False  # no answer yet: this row waits, the others go on
        with transaction.atomic():
            ship_parcel(parcel_id=parcel_id, actor_member=batch.made_by, carrier=carrier, tracking=tracking, now=now)
            _end(row_id, DispatchState.DONE, carrier=carrier, tracking=tracking, now=now)
    except DomainError as refused:
        refusal = kept(refused)
    if refusal:
        _end(row_id, DispatchState.REFUSED, says=refusal, now=now)
    return True


@transaction.atomic
def _packed(batch: DispatchBatch, row: DispatchRow, now: datetime) -> int:
    """The one parcel of the order: packed already, or everything packed now."""
    packed = open_parcels(row.fulfilment_id)
    if len(packed) > 1 or any(one.supplier_id for one in packed):
        raise errors.SeveralParcels()
    one = packed[0] if packed else pack(fulfilment_id=row.fulfilment_id, actor_member=batch.made_by, now=now)
    DispatchRow.objects.filter(pk=row.pk).update(parcel=one)
    return one.pk


def _number(batch: DispatchBatch, parcel_id: int, now: datetime) -> tuple[str, str]:
    """Carrier and number of the batch's service; nothing while it has not answered. Raises CarrierRefused."""
    ask_number(parcel_id=parcel_id, actor_member=batch.made_by, service=batch.service, now=now)
    state = book(parcel_id=parcel_id, now=now)
    row = DispatchRow.objects.select_related("parcel").get(batch=batch, parcel_id=parcel_id)
    if row.parcel is None or state in (Booking.UNKNOWN, Booking.ASKED):
        return "", ""
    if state == Booking.REFUSED:
        raise errors.CarrierRefused(reason=row.parcel.carrier_says)
    return row.parcel.carrier, row.parcel.tracking


def kept(refused: DomainError) -> str:
    """A refusal as it is stored: sentence and values apart, so that each reader has it in their language; else in English."""
    said = json.dumps(
        [refused.message, {name: str(value) for name, value in refused.params.items()}], ensure_ascii=False
    )
    return said if len(said) <= MOST_SAID else refused.text[:MOST_SAID]


def _end(row_id: int, state: str, *, now: datetime, **said: str) -> None:
    DispatchRow.objects.filter(pk=row_id, state=DispatchState.WAITING).update(state=state, ended_at=now, **said)


def again(*, now: datetime) -> None:
    """Batches of which rows still wait for a carrier's answer, or whose job died."""
    open_ones = DispatchBatch.objects.filter(Q(done_at=None))
    for batch_id in open_ones.order_by("id").values_list("pk", flat=True)[:50]:
        jobs.enqueue("fulfilment.dispatch", unique=f"fulfilment.dispatch:{batch_id}", batch_id=batch_id)
