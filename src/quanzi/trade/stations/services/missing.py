"""Nobody came in the second window either: what keeps is refunded; fresh goods wait for the shop's word."""

from __future__ import annotations

import logging
from datetime import datetime

from quanzi.goods.catalogue.models import ReturnRule
from quanzi.kernel import crash
from quanzi.kernel.errors import DomainError
from quanzi.trade.fulfilment.models import FulfilmentState
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import OrderLine, OrderState
from quanzi.trade.stations.models import Entry
from quanzi.trade.stations.rules import SECOND_WINDOW

log = logging.getLogger(__name__)

NOT_FETCHED = "round_not_fetched"


def end_missed(now: datetime, *, limit: int = 500) -> int:
    """Refund lines that keep, of orders whose second window has ended; returns how many lines. Safe to repeat."""
    late = Entry.objects.filter(
        missed_at__isnull=False, ended_at=None, stop__round__pickup_until__lte=now - SECOND_WINDOW,
        order__state=OrderState.PAID, order__fulfilment__state=FulfilmentState.READY,
    )  # fmt: skip
    lines = OrderLine.objects.filter(
        order__in=late.values("order"), dropped_at=None, handed_over_at=None, disputed_at=None
    ).exclude(return_rule=ReturnRule.FRESH)
    done = 0
    for line_id in list(lines.order_by("id").values_list("pk", flat=True)[:limit]):
        try:
            sales.refund_line(
                line_id=line_id, reason=NOT_FETCHED, actor="system", idempotency_key=f"{NOT_FETCHED}:{line_id}", now=now
            )
            crash.point("stations.missed.one_refunded")
            done += 1
        except DomainError as refusal:
            log.warning("Line %s that nobody fetched waits for the next run: %s", line_id, refusal.code)
    return done
