"""Orders at a counter and through links: taken with the order, given back when it ends unpaid, handed over at once when paid.

Order of locks: link, shelf → order → stock.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from quanzi.base import planned
from quanzi.base.events.services import record
from quanzi.kernel import crash
from quanzi.people.accounts.models import Member
from quanzi.trade.fulfilment import services as fulfilment
from quanzi.trade.fulfilment.models import Fulfilment
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.errors import PointNeeded
from quanzi.trade.sales.models import DeliveryMethod, Order, OrderOrigin
from quanzi.trade.sales.rules import clean
from quanzi.trade.stores import errors, rules
from quanzi.trade.stores.events import CounterPaid
from quanzi.trade.stores.models import CounterSale, PayLink, Store
from quanzi.trade.stores.services.linking import lock_link

HOLD_SHELF = (
    "SELECT id FROM stores_shelfgood WHERE store_id = %s AND sku_id = ANY (%s::bigint[]) ORDER BY sku_id FOR UPDATE"
)

SHORT = """
SELECT l.sku_id, min(p.name), coalesce(min(g.counted), 0) - coalesce(min(stores_sold(%(store)s, l.sku_id, %(order)s)), 0), sum(l.quantity)
FROM sales_orderline l JOIN catalogue_product p ON p.id = l.product_id
LEFT JOIN stores_shelfgood g ON g.store_id = %(store)s AND g.sku_id = l.sku_id
WHERE l.order_id = %(order)s GROUP BY l.sku_id
HAVING coalesce(min(g.counted), 0) - coalesce(min(stores_sold(%(store)s, l.sku_id, %(order)s)), 0) < sum(l.quantity) ORDER BY l.sku_id
"""

USE = "UPDATE stores_paylink SET taken = taken + 1 WHERE id = %s AND taken < most RETURNING id"
GIVE_BACK = "UPDATE stores_paylink SET taken = taken - 1 WHERE id = %s RETURNING id"


@transaction.atomic
def order_at_counter(
    *,
    store_code: str,
    member: Member,
    lines: Sequence[tuple[int, int]],
    spot: str = "",
    note: str = "",
    without_return: Collection[int] = (),
    expected_amount_minor: int | None = None,
    idempotency_key: str,
    origin: str = OrderOrigin.SHOP,
    now: datetime,
) -> Order:
    """Order what stands in the store, to be handed over there as soon as it is paid. spot: the table where somebody scanned.

    The same key with the same content returns the same order. Raises NoSuchStore, StoreShut, NotOnShelf, or what placing
    an order raises.
    """
    store = Store.objects.select_related("point").filter(code=store_code.lower()[:12]).first()
    if store is None:
        raise errors.NoSuchStore()
    _hold_shelf(store.pk, [sku_id for sku_id, _ in lines])
    return _place(
        store,
        member=member,
        lines=lines,
        method=DeliveryMethod.PICKUP,
        pickup_point_id=store.point_id,
        note=note,
        without_return=without_return,
        context={"store_id": store.pk, "spot": clean(spot)[: rules.LONGEST["spot"]]},
        waits_for=f"{rules.COUNTER}:{store.pk}",
        pay_by=now + rules.PAY_WITHIN,
        expected_amount_minor=expected_amount_minor,
        idempotency_key=idempotency_key,
        origin=origin,
        now=now,
    )


@transaction.atomic
def order_by_link(
    *,
    code: str,
    member: Member,
    method: str = DeliveryMethod.PICKUP,
    address_id: int | None = None,
    pickup_point_id: int | None = None,
    note: str = "",
    without_return: Collection[int] = (),
    expected_amount_minor: int | None = None,
    idempotency_key: str,
    origin: str = OrderOrigin.SHOP,
    now: datetime,
) -> Order:
    """Order what the link asks for; a link of a store is picked up there, whatever was chosen.

    The same key with the same content returns the same order. Raises NoSuchPayLink (also for a link that is somebody else's),
    LinkOver, LinkUsedUp, or what placing an order raises.
    """
    found = PayLink.objects.filter(code=code.lower()[:16]).values_list("pk", "only_for_id").first()
    if found is None or found[1] not in (None, member.pk):
        raise errors.NoSuchPayLink()
    link = lock_link(found[0])
    if link.taken >= link.most and not Order.objects.filter(member=member, idempotency_key=idempotency_key).exists():
        raise errors.LinkUsedUp()
    if link.store is not None:
        method, pickup_point_id, address_id = DeliveryMethod.PICKUP, link.store.point_id, None
    return _place(
        link.store,
        member=member,
        lines=[(link.sku_id, link.quantity)],
        method=method,
        address_id=address_id,
        pickup_point_id=pickup_point_id,
        note=note,
        without_return=without_return,
        context=rules.link_context(link_id=link.pk, sku_id=link.sku_id),
        waits_for=f"{rules.PAY_LINK}:{link.pk}",
        pay_by=rules.pay_by(expires_at=link.expires_at, now=now),
        expected_amount_minor=expected_amount_minor,
        idempotency_key=idempotency_key,
        origin=origin,
        now=now,
    )


def _place(store: Store | None, **order: Any) -> Order:
    """Place the order; a store that is closed refuses it by its own name."""
    try:
        placed: Order = sales.place_order(**order)
    except PointNeeded as shut:
        if store is None:
            raise
        raise errors.StoreShut() from shut
    return placed


def hold(*, order_id: int, waits_for: str) -> None:
    """The locks of an order at the counter or through a link, before its own."""
    kind, _, number = waits_for.partition(":")
    if kind == rules.PAY_LINK:
        lock_link(int(number))
    else:
        _hold_shelf(int(number), _skus(order_id))


def enter(*, order: Order, context: Mapping[str, Any], now: datetime) -> CounterSale:
    """A new order takes what it needs: a use of its link, or goods of the shelf. Raises LinkOver, LinkUsedUp, NotOnShelf, StoreShut."""
    kind, _, number = order.waits_for.partition(":")
    if str(context.get("paylink_id" if kind == rules.PAY_LINK else "store_id")) != number:
        raise errors.NotThroughLink()
    link = lock_link(int(number)) if kind == rules.PAY_LINK else None
    store = link.store if link else Store.objects.select_related("point").get(pk=int(number))
    if link is not None and not rules.may_use(state=link.state, expires_at=link.expires_at, now=now):
        raise errors.LinkOver()
    if store is not None and not store.point.is_open:
        raise errors.StoreShut()
    _take(link, store, order)
    crash.point("stores.enter.taken")
    made: CounterSale = CounterSale.objects.create(
        order=order, store=store, link=link, spot=str(context.get("spot", "")), made_at=now
    )
    crash.point("stores.enter.written")
    return made


def _take(link: PayLink | None, store: Store | None, order: Order) -> None:
    """A use of the link, by one conditional update; else goods of the shelf, whose rows this transaction has locked."""
    if link is not None:
        if not planned.rows(USE, [link.pk]):
            raise errors.LinkUsedUp()
        return
    assert store is not None
    for _, title, left, _ in planned.rows(SHORT, {"store": store.pk, "order": order.pk})[:1]:
        raise errors.NotOnShelf(title=title, left=max(0, left))


def pay(*, order: Order, now: datetime) -> bool:
    """The money is here: the goods may be handed over at once. False when they went to somebody else since it expired."""
    sale = CounterSale.objects.select_related("link", "store__point").filter(order=order).first()
    if sale is None:
        return False
    if sale.ended_at is not None:
        try:
            _take(sale.link, sale.store, order)
        except (errors.LinkUsedUp, errors.NotOnShelf):
            return False
        CounterSale.objects.filter(pk=sale.pk).update(ended_at=None)
    sales.release(order_id=order.pk, now=now)
    crash.point("stores.pay.released")
    if sale.store_id is not None:
        fulfilment.open_for(order_id=order.pk, now=now)
        opened = Fulfilment.objects.filter(order_id=order.pk).values_list("pk", flat=True).get()
        fulfilment.make_ready(fulfilment_id=opened, actor="system", now=now)
        crash.point("stores.pay.ready")
    told = CounterPaid(order.pk, store_id=sale.store_id or 0, link_id=sale.link_id or 0, origin=order.origin)
    record(told, now=now)
    return True


def leave(*, order: Order, now: datetime) -> None:
    """It ended unpaid: the link may be used again, the goods of the shelf are free. Safe to repeat."""
    ended = CounterSale.objects.filter(order=order, ended_at=None)
    link_id = ended.values_list("link_id", flat=True).first()
    if ended.update(ended_at=now) and link_id is not None:
        planned.rows(GIVE_BACK, [link_id])
    crash.point("stores.leave.given_back")


def _hold_shelf(store_id: int, sku_ids: Sequence[int]) -> None:
    planned.rows(HOLD_SHELF, [store_id, list(sku_ids)])


def _skus(order_id: int) -> list[int]:
    rows = planned.rows("SELECT DISTINCT sku_id FROM sales_orderline WHERE order_id = %s", [order_id])
    return [sku_id for (sku_id,) in rows]
