"""Batches say what has to be bought or made for them (`supply.ports.DemandSource`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from quanzi.base import planned
from quanzi.goods.supply.ports import DemandHead, Wanted
from quanzi.kernel.clock import midnight
from quanzi.trade.preorders.models import Preorder, PreorderState
from quanzi.trade.preorders.rules import KIND

WANTED = """
SELECT g.sku_id, sum(p.quantity) FROM preorders_place p JOIN preorders_preordergood g ON g.id = p.good_id
 WHERE p.preorder_id = %s AND p.state IN ('held', 'settled') GROUP BY g.sku_id ORDER BY g.sku_id
"""


class PreorderDemand:
    def open_demands(self, now: datetime, /) -> Sequence[DemandHead]:
        """Batches that are sure, and those whose threshold is reached and that may still grow."""
        found = Preorder.objects.filter(state__in=[PreorderState.OPEN, PreorderState.MADE], reached_at__isnull=False)
        return [
            DemandHead(
                ref=f"{KIND}:{one.pk}", title=one.title, is_final=one.state == PreorderState.MADE,
                due_at=midnight(one.promised_on),
            )
            for one in found.order_by("promised_on", "id")
            if one.state == PreorderState.MADE or one.taken >= one.threshold
        ]  # fmt: skip

    def wanted(self, key: str, /) -> Sequence[Wanted]:
        if not key.isascii() or not key.isdigit():
            return []
        return [Wanted(sku_id, int(units)) for sku_id, units in planned.rows(WANTED, [int(key)])]


DEMAND = PreorderDemand()
