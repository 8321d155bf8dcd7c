"""Packing, asking a carrier, sending many at once, driving, and asking a supplier to send."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from quanzi.goods.supply import services as supply
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError
from quanzi.people.accounts.models import Member
from quanzi.trade.fulfilment import carriers, services
from quanzi.trade.fulfilment.carriers import Booked, Outcome, Shipment, Told, Tracked
from quanzi.trade.fulfilment.models import DispatchBatch, Parcel, Run
from quanzi.trade.fulfilment.services import batches, booking, runs, supplied
from tests.crash.plays.play import PLAYS, STOCK, Facts, Play, free, is_one, order_of, work
from tests.factories.goods import make_sku
from tests.factories.sending import make_driver
from tests.factories.supply import make_goods, make_offer, make_supplier
from tests.factories.trade import make_paid_order, make_staff, open_fulfilment


class Remembering:
    """A carrier that gives one number for one reference, in whichever process it is asked."""

    code, name = "crashtest", "Crash test carrier"

    def book(self, shipment: Shipment) -> Booked:
        return Booked(Outcome.DONE, tracking=f"CT-{shipment.reference}")

    def find(self, reference: str) -> Booked:
        return Booked(Outcome.DONE, tracking=f"CT-{reference}")

    def track(self, tracking: str) -> Tracked:
        return Tracked(Outcome.DONE)

    def parse_push(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> tuple[str, Sequence[Told]]:
        return "", []


carriers.register(Remembering())


def _to_send() -> Facts:
    sku = make_sku(stock_of=STOCK)
    order = make_paid_order(sku=sku, quantity=2)
    found = open_fulfilment(order)
    work()
    return {
        "order": order.pk, "sku": sku.pk, "fulfilment": found.pk, "staff": make_staff().pk, "key": f"k{order.pk}",
        "driver": make_driver().pk,
    }  # fmt: skip


def _staff(facts: Facts) -> Member:
    return Member.objects.get(pk=facts["staff"])


def _pack_and_ask(facts: Facts) -> None:
    packed = services.pack(
        fulfilment_id=facts["fulfilment"], actor_member=_staff(facts), key=facts["key"], now=clock.now()
    )
    booking.ask_number(parcel_id=packed.pk, actor_member=_staff(facts), service="crashtest", now=clock.now())
    booking.book(parcel_id=packed.pk, now=clock.now())
    work()


def _has_one_number(facts: Facts) -> None:
    parcel = Parcel.objects.get(fulfilment_id=facts["fulfilment"])
    assert (parcel.state, parcel.booking) == ("packed", "booked") and parcel.tracking.startswith("CT-")


PLAYS["book_parcel"] = Play(_to_send, _pack_and_ask, _has_one_number)


def _dispatch(facts: Facts) -> None:
    rows = [batches.Sending(facts["fulfilment"])]
    batches.start(rows=rows, service="crashtest", actor_member=_staff(facts), key=facts["key"], now=clock.now())
    work()


def _left_once(facts: Facts) -> None:
    is_one(Parcel.objects.filter(fulfilment_id=facts["fulfilment"]))
    assert DispatchBatch.objects.get(key=facts["key"]).rows.get().state == "done"
    assert (order_of(facts).state, free(facts)) == ("handed_over", STOCK - 2)


PLAYS["dispatch"] = Play(_to_send, _dispatch, _left_once)


def _drive(facts: Facts) -> None:
    driver, now = Member.objects.get(pk=facts["driver"]), clock.now()
    run = runs.plan_run(
        title="城西", driver=driver, starts_at=now, ends_at=now + timedelta(hours=2), fulfilment_ids=[facts["fulfilment"]],
        actor="staff:0", key=facts["key"], now=now,
    )  # fmt: skip
    runs.hand_over_at_stop(stop_id=run.stops.get().pk, driver=driver, now=clock.now())
    work()


def _brought_once(facts: Facts) -> None:
    run = Run.objects.get(key=facts["key"])
    assert (run.state, run.stops.get().state) == ("done", "handed_over")
    assert (order_of(facts).state, free(facts)) == ("handed_over", STOCK - 2)


PLAYS["drive"] = Play(_to_send, _drive, _brought_once)


def _lies_there() -> Facts:
    supplier = make_supplier(sends_direct=True)
    offer = make_offer(make_goods(supplier), quantity=9)
    supply.sell_from_offer(
        offer_id=offer.pk, quantity=STOCK, key=f"o{offer.pk}", actor="staff:0", actor_word="staff:0", now=clock.now()
    )
    order = make_paid_order(sku=offer.goods.sku, quantity=2)
    found = open_fulfilment(order)
    work()
    return {"order": order.pk, "sku": offer.goods.sku_id, "fulfilment": found.pk, "staff": make_staff().pk}


def _ask(facts: Facts) -> None:
    with contextlib.suppress(DomainError):  # the second time nothing of it is left here
        supplied.ask_suppliers(fulfilment_id=facts["fulfilment"], actor_member=_staff(facts), now=clock.now())
    work()


def _asked_once(facts: Facts) -> None:
    parcel = Parcel.objects.get(fulfilment_id=facts["fulfilment"])
    assert parcel.state == "packed" and parcel.supplier_id is not None


PLAYS["ask_supplier"] = Play(_lies_there, _ask, _asked_once)
