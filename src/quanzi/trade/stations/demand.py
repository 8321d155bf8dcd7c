"""Rounds say what has to be bought for them (`supply.ports.DemandSource`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from quanzi.goods.supply.ports import DemandHead, Wanted
from quanzi.trade.stations.models import Round, RoundState
from quanzi.trade.stations.queries import demand
from quanzi.trade.stations.rules import KIND


class RoundDemand:
    def open_demands(self, now: datetime, /) -> Sequence[DemandHead]:
        """Rounds whose goods are not handed out yet; after the cut-off nothing is added any more."""
        rounds = Round.objects.filter(
            state__in=[RoundState.OPEN, RoundState.CLOSED], opens_at__lte=now, pickup_until__gt=now
        )
        return [
            DemandHead(
                ref=f"{KIND}:{one.pk}", title=one.title, is_final=one.state == RoundState.CLOSED, due_at=one.pickup_from
            )
            for one in rounds.order_by("pickup_from", "id")
        ]

    def wanted(self, key: str, /) -> Sequence[Wanted]:
        if not key.isascii() or not key.isdigit():
            return []
        return [Wanted(row.sku_id, row.quantity, row.station_name) for row in demand(int(key))]


DEMAND = RoundDemand()
