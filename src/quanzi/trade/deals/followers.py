"""Deals follow the orders that wait for a team: their life moves the seat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from quanzi.base import planned
from quanzi.trade.deals.errors import NotThroughTeam
from quanzi.trade.deals.services import many, seats
from quanzi.trade.deals.services.seats import Claim
from quanzi.trade.sales.models import Order

KIND = "team"

HOLD = """
SELECT 1 FROM deals_team t JOIN deals_seat s ON s.team_id = t.id
  JOIN deals_dealuse u ON u.deal_id = s.deal_id AND u.member_id = s.member_id
 WHERE t.id = %(team)s AND s.order_id = %(order)s FOR UPDATE OF t, u
"""

HOLD_ALL = """
WITH mine AS MATERIALIZED (SELECT team_id, deal_id, member_id FROM deals_seat WHERE order_id = ANY (%s::bigint[])),
     teams AS MATERIALIZED (
         SELECT id FROM deals_team WHERE id IN (SELECT team_id FROM mine) ORDER BY id FOR UPDATE)
SELECT (SELECT count(*) FROM teams), u.id FROM deals_dealuse u
WHERE (u.deal_id, u.member_id) IN (SELECT deal_id, member_id FROM mine) ORDER BY u.id FOR UPDATE
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
        seats.seat(claim=_claim(order, context), order=order, now=now)

    def on_paid(self, *, order: Order, now: datetime) -> bool:
        return seats.pay(order=order, now=now)

    def on_cancelled(self, *, order: Order, now: datetime) -> None:
        seats.give_up(order=order, now=now)

    def on_refunded(self, *, order: Order, now: datetime) -> None:
        seats.give_up(order=order, now=now)

    def hold_all(self, *, order_ids: Sequence[int]) -> None:
        """The teams and uses of many orders, each kind in one order for everybody."""
        planned.rows(HOLD_ALL, [list(order_ids)])

    def on_all_placed(self, *, orders: Sequence[tuple[Order, Mapping[str, Any]]]) -> None:
        claims = [_claim(order, context) for order, context in orders]
        many.seat_all(claims=claims, orders=[order for order, _ in orders])

    def on_all_paid(self, *, orders: Sequence[Order]) -> None:
        many.pay_all(orders=orders)

    def on_all_refunded(self, *, orders: Sequence[Order], now: datetime) -> None:
        many.give_up_all(orders=orders, now=now)


def _claim(order: Order, context: Mapping[str, Any]) -> Claim:
    """Only open_team, join_team and gather hold a place; nobody else can place an order for a team."""
    claim = context.get("claim")
    if (
        not isinstance(claim, Claim)
        or claim.team.pk != team_id_of(order.waits_for)
        or claim.member_id != order.member_id
    ):
        raise NotThroughTeam
    return claim


FOLLOWER = TeamFollower()
