"""The batch is here: goods go to those who have paid, in the order in which they paid."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanzi.base import planned
from quanzi.goods.catalogue.models import Lot
from quanzi.goods.stock import services as stock
from quanzi.goods.stock.models import Movement
from quanzi.kernel import crash
from quanzi.people.accounts.models import Member
from quanzi.trade.preorders import errors, rules
from quanzi.trade.preorders.models import Place, PlaceState, Preorder, PreorderGood, PreorderState
from quanzi.trade.preorders.services.moving import lock_preorder, move_preorder
from quanzi.trade.sales import services as sales

# For each variant: units on the shelf that stand behind holds of this batch, less those of orders that may leave already.
HERE = """
SELECT s.sku_id, s.held - s.owed - coalesce((
    SELECT sum(r.quantity) FROM preorders_place p JOIN sales_order o ON o.id = p.order_id AND o.released_at IS NOT NULL
      JOIN sales_orderline l ON l.order_id = o.id AND l.sku_id = s.sku_id
      JOIN stock_reservation r ON r.ref = 'order_line:' || l.id AND r.state = 'live'
     WHERE p.preorder_id = %(preorder)s), 0)
  FROM stock_promise s WHERE s.source = %(source)s ORDER BY s.sku_id
"""

WAITING = """
SELECT g.sku_id, o.id, p.quantity FROM preorders_place p JOIN preorders_preordergood g ON g.id = p.good_id
  JOIN sales_order o ON o.id = p.order_id
 WHERE p.preorder_id = %s AND p.state = 'settled' AND o.state = 'paid' AND o.released_at IS NULL ORDER BY p.settled_at, p.id
"""


@transaction.atomic
def receive_batch(
    *,
    preorder_id: int,
    sku_id: int,
    quantity: int,
    lot_id: int | None = None,
    idempotency_key: str,
    actor: Member | str,
    now: datetime,
) -> Movement:
    """Goods that the shop made itself are here; what was bought for the batch comes in by its purchase. The same key counts once.

    Raises NoSuchPreorder, NotMade, NotOfPreorder, and what stock refuses.
    """
    preorder = lock_preorder(preorder_id)
    if preorder.state not in (PreorderState.MADE, PreorderState.DONE):
        raise errors.NotMade()
    if not PreorderGood.objects.filter(preorder=preorder, sku_id=sku_id).exists():
        raise errors.NotOfPreorder(field="sku_id")
    if lot_id is not None and not Lot.objects.filter(pk=lot_id, sku_id=sku_id).exists():
        raise errors.NotOfPreorder(field="lot_id")
    who = actor if isinstance(actor, str) else f"staff:{actor.pk}"
    came: Movement = stock.receive(
        sku_id=sku_id, quantity=quantity, lot_id=lot_id, key=f"preorder:{preorder.pk}:{idempotency_key}"[:80],
        reason=preorder.title, actor=who, source=f"{rules.KIND}:{preorder.pk}", now=now,
    )  # fmt: skip
    crash.point("preorders.receive.written")
    _release(preorder, now)
    return came


def release_due(now: datetime, *, limit: int = 100) -> int:
    """Paid orders whose goods are here may be prepared; a batch with nothing left to do is done. Returns how many were looked at."""
    found = Preorder.objects.filter(state=PreorderState.MADE, balance_from__isnull=False).order_by("id")
    ids = list(found.values_list("pk", flat=True)[:limit])
    for preorder_id in ids:
        _release_one(preorder_id, now)
    return len(ids)


@transaction.atomic
def _release_one(preorder_id: int, now: datetime) -> None:
    preorder = lock_preorder(preorder_id)
    if preorder.state != PreorderState.MADE:
        return
    _release(preorder, now)
    if preorder.balance_until is not None and preorder.balance_until <= now:
        _finish(preorder, now)


def _release(preorder: Preorder, now: datetime) -> None:
    here = dict(planned.rows(HERE, {"preorder": preorder.pk, "source": f"{rules.KIND}:{preorder.pk}"}))
    waiting: dict[int, list[tuple[int, int]]] = {}
    for sku_id, order_id, units in planned.rows(WAITING, [preorder.pk]):
        waiting.setdefault(sku_id, []).append((order_id, units))
    may_leave = [
        order_id
        for sku_id, orders in waiting.items()
        for order_id in rules.releasable(orders, on_shelf=int(here.get(sku_id, 0)))
    ]
    if may_leave:
        sales.release_all(order_ids=sorted(may_leave), now=now)
        crash.point("preorders.release.written")


def _finish(preorder: Preorder, now: datetime) -> None:
    """Every place has ended, or its goods may leave."""
    waits = Place.objects.filter(preorder=preorder, ended_at=None).exclude(
        state=PlaceState.SETTLED, order__released_at__isnull=False
    )
    if waits.exists():
        return
    preorder.ended_at = now
    move_preorder(preorder, PreorderState.DONE, also=["ended_at"])
    stock.close_promises(source=f"{rules.KIND}:{preorder.pk}", now=now)
