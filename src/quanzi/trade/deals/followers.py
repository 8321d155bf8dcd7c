"""Deals follow the orders that wait for a team: their life moves the seat."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from quanzi.trade.deals.errors import NotThroughTeam
from quanzi.trade.deals.models import Team
from quanzi.trade.deals.services import seats
from quanzi.trade.deals.services.seats import Claim
from quanzi.trade.sales.models import Order

KIND = "team"


def team_id_of(waits_for: str) -> int:
    """The team that an order waits for ("team:12")."""
    return int(waits_for.removeprefix(f"{KIND}:"))


class TeamFollower:
    """Fills `sales.ports.OrderFollower` for orders of teams."""

    def hold(self, *, order_id: int, waits_for: str, now: datetime) -> None:
        """Lock the team before the order: all changes of a team's seats happen one after the other."""
        list(Team.objects.select_for_update().filter(pk=team_id_of(waits_for)).values_list("pk"))

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
