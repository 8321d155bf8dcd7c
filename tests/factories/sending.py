"""The smallest parcel, batch and run of a driver."""

from __future__ import annotations

from datetime import datetime, timedelta

from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.trade.fulfilment import policies, services
from quanzi.trade.fulfilment.models import DispatchBatch, Driver, Parcel, Run
from quanzi.trade.fulfilment.services import batches, runs
from tests.factories.goods import make_sku
from tests.factories.people import make_member, make_staff
from tests.factories.trade import make_paid_order, open_fulfilment


def make_parcel(*, staff: Member | None = None, now: datetime) -> Parcel:
    found = open_fulfilment(make_paid_order(sku=make_sku(stock_of=3)))
    return services.pack(fulfilment_id=found.pk, actor_member=staff or make_staff(), now=now)


def make_batch(*, staff: Member | None = None, now: datetime) -> DispatchBatch:
    found = open_fulfilment(make_paid_order(sku=make_sku(stock_of=3)))
    row = batches.Sending(fulfilment_id=found.pk, carrier="顺丰", tracking="SF1")
    return batches.start(rows=[row], actor_member=staff or make_staff(), key=f"batch-{found.pk}", now=now)


def make_driver(member: Member | None = None) -> Member:
    """Somebody who was asked to drive and said yes."""
    who, now = member or make_member(), clock.now()
    if not policies.may_drive(who):
        Driver.objects.create(member=who, invited_at=now, invited_by="staff:0", accepted_at=now)
    return who


def make_run(*, driver: Member | None = None, now: datetime) -> Run:
    found = open_fulfilment(make_paid_order(sku=make_sku(stock_of=3)))
    return runs.plan_run(
        title="城西", driver=make_driver(driver), starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=5),
        fulfilment_ids=[found.pk], actor="staff:0", now=now,
    )  # fmt: skip
