"""What a buyer has to know of their order in a round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from quanzi.base import planned
from quanzi.trade.fulfilment.ports import Window
from quanzi.trade.stations.rules import SECOND_WINDOW

FETCHING = """
SELECT r.pickup_from, r.pickup_until, e.to_door FROM stations_entry e JOIN stations_stop p ON p.id = e.stop_id
  JOIN stations_round r ON r.id = p.round_id WHERE e.order_id = %s AND e.ended_at IS NULL
"""


@dataclass(frozen=True)
class Fetching(Window):
    """When an order is picked up at its station, or carried from there by the leader."""

    @property
    def kept_until(self) -> datetime:
        """Until then it waits for whoever did not come."""
        return self.ends_at + SECOND_WINDOW


def fetching_of(order_id: int) -> Fetching | None:
    """None for an order that is in no round, or whose place in it ended."""
    return next((Fetching(*row) for row in planned.rows(FETCHING, [order_id])), None)
