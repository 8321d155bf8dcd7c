"""The smallest valid stores, links, and orders at a counter."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from quanzi.goods.catalogue.models import Sku
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.trade.fulfilment import services as fulfilment
from quanzi.trade.fulfilment.models import Fulfilment
from quanzi.trade.sales.models import Order
from quanzi.trade.stores import services as stores
from quanzi.trade.stores.models import PayLink, Store
from tests.factories.goods import make_sku
from tests.factories.trade import make_buyer, make_point, make_staff

_numbers = count(1)
DAY = timedelta(days=1)


def make_store(*, keeper: Member | None = None, now: datetime | None = None, **fields: Any) -> Store:
    now = now or clock.now()
    where = {name: fields.pop(name) for name in ("latitude", "longitude", "name") if name in fields}
    return stores.open_store(
        point=make_point(leader=keeper, now=now, **where),
        actor="staff:0",
        now=now,
        **{"phone": "021-5555 0000", **fields},
    )


def put_on_shelf(store: Store, *, units: int = 5, sku: Sku | None = None, now: datetime | None = None) -> Sku:
    """So many stand in the store; the whole house has ten more."""
    sku = sku or make_sku(stock_of=units + 10, now=now)
    stores.count_shelf(store_id=store.pk, counts={sku.pk: units}, by=store.point.leader, now=now or clock.now())
    return sku


def order_here(
    store: Store,
    sku: Sku,
    *,
    member: Member | None = None,
    quantity: int = 1,
    now: datetime | None = None,
    **fields: Any,
) -> Order:
    usual = {"lines": [(sku.pk, quantity)], "idempotency_key": f"counter-{next(_numbers)}"}
    return stores.order_at_counter(
        store_code=store.code, member=member or make_buyer(now=now), now=now or clock.now(), **{**usual, **fields}
    )


def make_link(*, by: Member | None = None, now: datetime | None = None, **fields: Any) -> PayLink:
    """A cake for 128.00, to be paid once within a day."""
    usual = {"what": "生日蛋糕", "amount_minor": 12_800, "lives": DAY, "idempotency_key": f"link-{next(_numbers)}"}
    return stores.link_amount(by=by or make_staff(now=now), now=now or clock.now(), **{**usual, **fields})


def order_through(link: PayLink, *, member: Member | None = None, now: datetime | None = None, **fields: Any) -> Order:
    usual: dict[str, Any] = {"idempotency_key": f"through-{next(_numbers)}"}
    if link.store_id is None and "pickup_point_id" not in fields:
        usual["pickup_point_id"] = make_point(now=now).pk
    return stores.order_by_link(
        code=link.code, member=member or make_buyer(now=now), now=now or clock.now(), **{**usual, **fields}
    )


def given(order: Order, *, keeper: Member, now: datetime | None = None) -> Fulfilment:
    """Handed over at the counter, with the code on the buyer's phone."""
    found = Fulfilment.objects.get(order=order)
    return fulfilment.hand_over(
        fulfilment_id=found.pk, actor_member=keeper, code=found.pickup_code, now=now or clock.now()
    )
