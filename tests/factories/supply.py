"""The smallest valid suppliers, offers and purchases."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

from quanzi.goods.catalogue.models import Sku
from quanzi.goods.supply import services as supply
from quanzi.goods.supply.models import Offer, Purchase, PurchaseLine, Receipt, Supplier, SupplierGoods
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from tests.factories.goods import make_sku
from tests.factories.people import make_member

_numbers = count(1)


def make_supplier(name: str = "", *, now: datetime | None = None, **fields: Any) -> Supplier:
    return supply.create_supplier(
        name=name or f"青禾农场 {next(_numbers)}", actor="test", now=now or clock.now(), **fields
    )


def make_person(supplier: Supplier, *, now: datetime | None = None) -> Member:
    """A member who acts for the supplier."""
    member = make_member(now=now)
    supply.add_person(supplier=supplier, member=member, actor="test", now=now or clock.now())
    return member


def make_goods(
    supplier: Supplier | None = None, *, sku: Sku | None = None, now: datetime | None = None, **fields: Any
) -> SupplierGoods:
    now = now or clock.now()
    return supply.set_goods(
        supplier=supplier or make_supplier(now=now), sku=sku or make_sku(now=now), **{"cost_minor": 1_800, **fields}, actor="test", now=now
    )  # fmt: skip


def make_offer(
    goods: SupplierGoods | None = None, *, quantity: int = 20, now: datetime | None = None, **fields: Any
) -> Offer:
    now = now or clock.now()
    return supply.make_offer(
        goods=goods or make_goods(now=now), quantity=quantity, now=now, **{"code": f"S-{next(_numbers)}", **fields}
    )  # fmt: skip


def make_purchase(
    *goods: SupplierGoods,
    quantity: int = 10,
    offer: Offer | None = None,
    sent: bool = True,
    now: datetime | None = None,
    **fields: Any,
) -> Purchase:
    """A purchase of these goods (or of what is offered), sent unless told otherwise."""
    now = now or clock.now()
    wanted = goods or ((offer.goods,) if offer else (make_goods(now=now),))
    made = supply.draft(supplier=wanted[0].supplier, actor="test", now=now, **fields)
    for one in wanted:
        supply.set_line(
            purchase_id=made.pk, sku_id=one.sku_id, quantity=quantity, offer_id=offer.pk if offer else None, now=now
        )  # fmt: skip
    return supply.send(purchase_id=made.pk, actor="test", now=now) if sent else made


def line_of(purchase: Purchase) -> PurchaseLine:
    return purchase.lines.get()


def arrive(line: PurchaseLine, quantity: int, *, now: datetime | None = None, **fields: Any) -> Receipt:
    """Goods of a line come in."""
    usual = {"lot_code": f"L-{next(_numbers)}" if quantity else "", "key": f"arrive-{next(_numbers)}"}
    return supply.receive(
        line_id=line.pk, quantity=quantity, actor="staff:0", now=now or clock.now(), **{**usual, **fields}
    )
