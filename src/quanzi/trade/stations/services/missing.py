"""Nobody came in the second window either: what keeps is refunded; fresh goods wait for the shop's word, but not for ever."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from quanzi.goods.catalogue.models import ReturnRule
from quanzi.kernel import crash
from quanzi.kernel.errors import DomainError
from quanzi.trade.fulfilment.models import FulfilmentState
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import OrderLine, OrderState
from quanzi.trade.sales.services.moving import lock_order
from quanzi.trade.stations import rules
from quanzi.trade.stations.models import Entry
from quanzi.trade.stations.queries import fresh_rows
from quanzi.trade.stations.rules import SECOND_WINDOW
from quanzi.trade.stations.services.fresh import let_fresh_go

log = logging.getLogger(__name__)

NOT_FETCHED = "round_not_fetched"


def end_missed(now: datetime, *, limit: int = 500) -> int:
    """Refund lines that keep, of orders whose second window has ended; returns how many lines. Safe to repeat.

    Each line is a transaction of its own: a buyer may come for the next one meanwhile.
    """
    lines = list(_unfetched(now).order_by("id").values_list("pk", "order_id")[:limit])
    ended = sum(_end_one(line_id, order_id, now) for line_id, order_id in lines)
    return ended + sum(
        _end_fresh(row.line_id, now) for row in fresh_rows() if rules.fresh_at_last(row.pickup_until) <= now
    )


def _end_fresh(line_id: int, now: datetime) -> bool:
    try:
        let_fresh_go(line_id=line_id, actor=None, now=now)
    except DomainError as refusal:
        log.warning("Fresh line %s that nobody fetched waits for the next run: %s", line_id, refusal.code)
        return False
    return True


def _unfetched(now: datetime) -> QuerySet[OrderLine]:
    late = Entry.objects.filter(
        missed_at__isnull=False, ended_at=None, stop__round__pickup_until__lte=now - SECOND_WINDOW,
        order__state=OrderState.PAID, order__fulfilment__state=FulfilmentState.READY,
    )  # fmt: skip
    lines = OrderLine.objects.filter(
        order__in=late.values("order"), dropped_at=None, handed_over_at=None, disputed_at=None
    )
    return lines.exclude(return_rule=ReturnRule.FRESH)


def _end_one(line_id: int, order_id: int, now: datetime) -> bool:
    """Under the order's lock, which a hand-over takes first as well. False: fetched meanwhile, or the next run tries again."""
    try:
        with transaction.atomic():
            lock_order(order_id, now=now)
            if not _unfetched(now).filter(pk=line_id).exists():
                return False
            sales.refund_line(
                line_id=line_id, reason=NOT_FETCHED, actor="system", idempotency_key=f"{NOT_FETCHED}:{line_id}", now=now
            )
    except DomainError as refusal:
        log.warning("Line %s that nobody fetched waits for the next run: %s", line_id, refusal.code)
        return False
    crash.point("stations.missed.one_refunded")
    return True
