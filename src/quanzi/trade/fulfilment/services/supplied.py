"""Goods that lie at a supplier's go from there straight to the buyer: asked in one click, sent by the supplier's own people.

The supplier learns what one parcel needs (what, to whom, where) while it is to be sent, and nothing else of the order or its buyer.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanzi.base.audit import services as audit
from quanzi.base.events import services as events
from quanzi.goods.supply.policies import acts_for
from quanzi.goods.supply.queries import suppliers_of_lots
from quanzi.kernel import crash
from quanzi.people.accounts.models import Member
from quanzi.trade.fulfilment import errors
from quanzi.trade.fulfilment.events import SupplierAsked, SupplierDeclined
from quanzi.trade.fulfilment.models import Parcel, ParcelState
from quanzi.trade.fulfilment.queries import lots_of
from quanzi.trade.fulfilment.queries.parcels import left_to_pack
from quanzi.trade.fulfilment.rules import choose_lot, is_fit
from quanzi.trade.fulfilment.services.parcels import pack, send
from quanzi.trade.fulfilment.services.preparing import lock, locked_for
from quanzi.trade.fulfilment.states import PARCEL_MOVES
from quanzi.trade.sales.models import OrderLine
from quanzi.trade.sales.rules import clean
from quanzi.trade.sales.services.moving import lock_order


@transaction.atomic
def ask_suppliers(*, fulfilment_id: int, actor_member: Member, now: datetime) -> list[Parcel]:
    """One parcel for each supplier at whose place goods of the order lie, to be sent by them. What lies here stays to be packed here.

    Raises NoSuchFulfilment, NotForDelivery, NothingAtSuppliers.
    """
    found = locked_for(fulfilment_id, actor_member, now)
    left = left_to_pack(found.order_id)
    asked: dict[int, dict[int, int]] = {}
    lines = list(OrderLine.objects.filter(pk__in=left).order_by("id"))
    known = lots_of([line.sku_id for line in lines])
    where = suppliers_of_lots([lot.id for lots in known.values() for lot in lots if lot.at_supplier])
    for line in lines:
        best = choose_lot(known.get(line.sku_id, []), quantity=left[line.pk], now=now)
        if best is not None and best.at_supplier:
            asked.setdefault(where[best.id].supplier_id, {})[line.pk] = left[line.pk]
    if not asked:
        raise errors.NothingAtSuppliers()
    made = [
        pack(fulfilment_id=fulfilment_id, actor_member=actor_member, lines=units, supplier_id=supplier_id, now=now)
        for supplier_id, units in sorted(asked.items())
    ]
    crash.point("fulfilment.ask.packed")
    for parcel in made:
        events.record(
            SupplierAsked(
                fulfilment_id=found.pk, order_id=found.order_id, parcel_id=parcel.pk, supplier_id=parcel.supplier_id or 0
            ),
            now=now,
        )  # fmt: skip
        audit.write(
            actor=actor_member, action="parcel.ask_supplier", target=f"order:{found.order_id}",
            after={"supplier": parcel.supplier_id, "parcel": parcel.position}, now=now,
        )  # fmt: skip
    return made


@transaction.atomic
def send_for_supplier(*, parcel_id: int, member: Member, carrier: str, tracking: str, now: datetime) -> Parcel:
    """The supplier sent it. The same again is the same. Raises NoSuchParcel for anybody else, and what `ship_parcel` raises."""
    found = _locked(parcel_id, member, now)
    return send(
        found, carrier=carrier, tracking=tracking, lots=_their_lots(found, now), actor=f"member:{member.pk}", now=now
    )


@transaction.atomic
def decline_for_supplier(*, parcel_id: int, member: Member, note: str, now: datetime) -> Parcel:
    """The supplier cannot send it: the goods wait here again, and whoever asked hears why. Again changes nothing."""
    found = _locked(parcel_id, member, now)
    if found.state == ParcelState.UNPACKED:
        return found
    PARCEL_MOVES.check(found.state, ParcelState.UNPACKED)
    found.state, found.ended_at, found.carrier_says = ParcelState.UNPACKED, now, clean(note)[:200]
    found.save(update_fields=["state", "ended_at", "carrier_says"])
    events.record(
        SupplierDeclined(fulfilment_id=found.fulfilment_id, order_id=found.fulfilment.order_id, parcel_id=found.pk),
        now=now,
    )
    return found


def _locked(parcel_id: int, member: Member, now: datetime) -> Parcel:
    """Order, fulfilment and parcel, locked; for whoever does not act for its supplier there is none."""
    known = (
        Parcel.objects.filter(pk=parcel_id).values_list("supplier_id", "fulfilment_id", "fulfilment__order_id").first()
    )
    if known is None or known[0] is None or not acts_for(member, known[0]):
        raise errors.NoSuchParcel()
    lock_order(known[2], now=now)
    fulfilment = lock(known[1])
    found = Parcel.objects.select_for_update().get(pk=parcel_id)
    found.fulfilment = fulfilment
    return found


def _their_lots(found: Parcel, now: datetime) -> dict[int, int]:
    """The lot at this supplier's that each line is taken from."""
    inside = list(found.lines.select_related("line"))
    known = lots_of([one.line.sku_id for one in inside])
    where = suppliers_of_lots([lot.id for lots in known.values() for lot in lots if lot.at_supplier])
    chosen: dict[int, int] = {}
    for one in inside:
        theirs = [
            lot
            for lot in known.get(one.line.sku_id, [])
            if lot.id in where and where[lot.id].supplier_id == found.supplier_id and is_fit(lot, now)
        ]
        best = choose_lot(theirs, quantity=one.quantity, now=now)
        if best is not None:
            chosen[one.line_id] = best.id
    return chosen
