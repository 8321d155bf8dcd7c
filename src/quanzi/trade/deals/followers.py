"""Deals follow the orders that wait for a team: their life moves the seat."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from quanzi.trade.deals.errors import NotThroughTeam
from quanzi.trade.deals.services import seats
from quanzi.trade.deals.services.seats import Claim
from quanzi.trade.sales.models import Order

KIND = "team"

HOLD = """
SELECT 1 FROM deals_team t JOIN deals_seat s ON s.team_id = t.id
  JOIN deals_dealuse u ON u.deal_id = s.deal_id AND u.member_id = s.member_id
 WHERE t.id = %(team)s AND s.order_id = %(order)s FOR UPDATE OF t, u
"""


def team_id_of(waits_for: str) -> int:
    """The team that an order waits for ("team:12")."""
    return int(waits_for.removeprefix(f"{KIND}:"))


class TeamFollower:
    """Fills `sales.ports.OrderFollower` for orders of teams."""

    def hold(self, *, order_id: int, waits_for: str, now: datetime) -> None:
        """Lock the team, and the member's use of the deal, before the order and its goods: joining does so too."""
        with connection.cursor() as cursor:
            cursor.execute(HOLD, {"team": team_id_of(waits_for), "order": order_id})

    def on_placed(self, *, order: Order, context: Mapping[str, Any], now: datetime) -> None:
        """Seat the member. Only open_team and join_team hold a place; nobody else can place an order for a team."""
        claim = context.get("claim")
        if (
            not isinstance(claim, Claim)
            or claim.team.pk != team_id_of(order.waits_for)
            or claim.member.pk != order.member_id
        ):
            raise NotThroughTeam
        seats.seat(claim=claim, order=order, now=now)

    def on_paid(self, *, order: Order, now: datetime) -> bool:
        return seats.pay(order=order, now=now)

    def on_cancelled(self, *, order: Order, now: datetime) -> None:
        seats.give_up(order=order, now=now)

    def on_refunded(self, *, order: Order, now: datetime) -> None:
        seats.give_up(order=order, now=now)


FOLLOWER = TeamFollower()
