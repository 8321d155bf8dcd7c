"""The cut-off: which goods come is decided once, then every order is carried out by itself."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from quanzi.base import planned
from quanzi.base.audit import services as audit
from quanzi.base.events.services import record
from quanzi.goods.stock import services as stock
from quanzi.kernel import crash
from quanzi.kernel.errors import DomainError
from quanzi.people.accounts.models import Member
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order, OrderLine, OrderState
from quanzi.trade.stations import errors, rules
from quanzi.trade.stations.events import RoundCancelled, RoundClosed
from quanzi.trade.stations.models import Entry, Round, RoundGood, RoundState
from quanzi.trade.stations.states import ROUND_MOVES

log = logging.getLogger(__name__)

BELOW_MINIMUM = "round_below_minimum"
NOT_PAID_IN_TIME = "round_cut_off"
CALLED_OFF = "round_called_off"

PAID_UNITS = """
SELECT l.sku_id, sum(l.quantity) FROM stations_stop p JOIN stations_entry e ON e.stop_id = p.id AND e.ended_at IS NULL
  JOIN sales_order o ON o.id = e.order_id AND o.state = 'paid' JOIN sales_orderline l ON l.order_id = o.id AND l.dropped_at IS NULL
 WHERE p.round_id = %s GROUP BY l.sku_id
"""


# A round whose orders are carried out is done with when it promises no more than it owes them.
DUE = """
SELECT r.id FROM stations_round r
 WHERE r.state = 'open' AND r.cut_off_at <= %s
    OR r.state <> 'open' AND (
       EXISTS (SELECT 1 FROM stations_stop p JOIN stations_entry e ON e.stop_id = p.id AND e.settled_at IS NULL AND e.ended_at IS NULL
                WHERE p.round_id = r.id)
       OR EXISTS (SELECT 1 FROM stock_promise p WHERE p.source = 'round:' || r.id AND p.coming > p.owed))
 ORDER BY r.cut_off_at, r.id LIMIT %s
"""


def close_due(now: datetime, *, limit: int = 100) -> int:
    """Cut off rounds whose time has come, and carry out what was decided; returns how many were worked on.

    The decision, and each order, has its own transaction: a crash or a difficult order leaves the others done, and the
    next run goes on with what is left.
    """
    ids = [round_id for (round_id,) in planned.rows(DUE, [now, limit])]
    for round_id in ids:
        _cut_off(round_id, now)
        crash.point("stations.close.decided")
        settle(round_id, now)
        stock.close_promises(source=f"{rules.KIND}:{round_id}", now=now)
    return len(ids)


@transaction.atomic
def call_off(*, round_id: int, actor: Member | str, now: datetime) -> None:
    """No goods will come: orders end with all their money back, by `close_due`. Raises NoSuchRound, IllegalMove."""
    found = Round.objects.select_for_update().filter(pk=round_id).first()
    if found is None:
        raise errors.NoSuchRound()
    ROUND_MOVES.check(found.state, RoundState.CANCELLED)
    found.state, found.closed_at = RoundState.CANCELLED, now
    found.save(update_fields=["state", "closed_at"])
    audit.write(actor=actor, action="stations.call_off_round", target=f"round:{found.pk}", now=now)
    record(RoundCancelled(found.pk), now=now)


@transaction.atomic
def _cut_off(round_id: int, now: datetime) -> None:
    """Decide; whoever pays at this moment goes first, or finds the round closed."""
    found = Round.objects.select_for_update().get(pk=round_id)
    if found.state != RoundState.OPEN or now < found.cut_off_at:
        return
    ROUND_MOVES.check(found.state, RoundState.CLOSED)
    paid = {sku_id: int(units) for sku_id, units in planned.rows(PAID_UNITS, [round_id])}
    goods = list(RoundGood.objects.filter(round=found).order_by("id"))
    for good in goods:
        good.is_made = rules.is_made(paid_units=paid.get(good.sku_id, 0), minimum=good.minimum)
    found.state, found.closed_at = RoundState.CLOSED, now
    found.save(update_fields=["state", "closed_at"])
    RoundGood.objects.bulk_update(goods, ["is_made"])
    crash.point("stations.close.written")
    record(RoundClosed(found.pk), now=now)


def settle(round_id: int, now: datetime) -> None:
    """Carry out the decision for every order that waits for it, one transaction for each."""
    waiting = Entry.objects.filter(stop__round_id=round_id, settled_at=None, ended_at=None)
    waiting = waiting.exclude(stop__round__state=RoundState.OPEN)
    for entry_id in list(waiting.order_by("id").values_list("pk", flat=True)):
        try:
            _settle_one(entry_id, now)
            crash.point("stations.close.one_settled")
        except DomainError as refusal:
            # Between reading and settling, the buyer or the provider was quicker; the next run sees what is left.
            log.warning("Entry %s of round %s waits for the next run: %s", entry_id, round_id, refusal.code)


@transaction.atomic
def _settle_one(entry_id: int, now: datetime) -> None:
    entry = Entry.objects.select_related("order", "stop__round").get(pk=entry_id)
    order = entry.order
    if order.state == OrderState.PLACED:
        sales.cancel_order(order_id=order.pk, actor="system", reason=NOT_PAID_IN_TIME, now=now)
        return
    if entry.stop.round.state == RoundState.CANCELLED:
        _refund_whole(order, CALLED_OFF, now)
        return
    unmade = set(RoundGood.objects.filter(round_id=entry.stop.round_id, is_made=False).values_list("sku_id", flat=True))
    lines = list(OrderLine.objects.filter(order=order, dropped_at=None).order_by("id"))
    failing = [line for line in lines if line.sku_id in unmade]
    if len(failing) == len(lines):
        _refund_whole(order, BELOW_MINIMUM, now)
        return
    for line in failing:
        sales.refund_line(
            line_id=line.pk, reason=BELOW_MINIMUM, actor="system", idempotency_key=f"{BELOW_MINIMUM}:{line.pk}", now=now
        )
    if Entry.objects.filter(pk=entry_id, ended_at=None).update(settled_at=now):
        sales.release(order_id=order.pk, now=now)


def _refund_whole(order: Order, reason: str, now: datetime) -> None:
    sales.refund_order(
        order_id=order.pk, reason=reason, actor="system", idempotency_key=f"{reason}:{order.pk}", now=now
    )
