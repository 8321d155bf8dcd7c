"""What after sales does when something was told."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.events.registry import react_to
from quanzi.trade.aftersales import services
from quanzi.trade.aftersales.events import ClaimOpened
from quanzi.trade.aftersales.queries.holding import money_behind
from quanzi.trade.aftersales.rules import FAULTS_OF_A_LOT
from quanzi.trade.fulfilment.models import LineLot
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.events import LineKept, LineReturned, OrderRefunded, is_recorded


@react_to(ClaimOpened, consumer="aftersales.watch_lots")
def watch_lots(event: ClaimOpened, *, now: datetime) -> None:
    """A complaint about the goods: is it one too many for their lot?"""
    if event.reason in FAULTS_OF_A_LOT:
        lots = LineLot.objects.filter(line_id=event.line_id).order_by("lot_id").values_list("lot_id", flat=True)
        for lot_id in lots.distinct():
            services.watch(lot_id=lot_id, now=now)


@react_to(LineKept, consumer="aftersales.earn_behind", unless=is_recorded)
@react_to(LineReturned, consumer="aftersales.earn_behind", unless=is_recorded)
def earn_behind(event: LineKept | LineReturned, *, now: datetime) -> None:
    """Goods that were given for others are settled: so is what was paid for those others."""
    for one in money_behind(event.line_id):
        sales.earn_returned(line_id=one.line_id, now=now)


@react_to(OrderRefunded, consumer="aftersales.red_letter", unless=is_recorded)
def red_letter(event: OrderRefunded, *, now: datetime) -> None:
    """An invoice about money that went back is to be cancelled."""
    services.need_red_letter(order_id=event.order_id, now=now)
