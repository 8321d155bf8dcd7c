"""A ladder has ended: every seat ends at the price of the step that was reached, the difference goes back, once."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from quanzi.kernel import crash
from quanzi.kernel.errors import DomainError
from quanzi.trade.deals import rules
from quanzi.trade.deals.models import Seat, SeatState, Team
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import OrderLine

log = logging.getLogger(__name__)

LADDER = "ladder"
"""Reason of the refund, and the first word of its key (`ladder:<seat>`)."""


def level_due(now: datetime, *, limit: int = 200) -> int:
    """Give back the differences of ladders that have ended; returns how many teams were worked on.

    Each seat has its own transaction, so that an interruption leaves the others done and the next run goes on.
    """
    due = Team.objects.filter(final_minor__isnull=False, levelled_at=None).order_by("id")
    teams = list(due.values_list("pk", flat=True)[:limit])
    for team_id in teams:
        _level(team_id, now)
    return len(teams)


def _level(team_id: int, now: datetime) -> None:
    waiting = Seat.objects.filter(team_id=team_id, state=SeatState.PAID, levelled_minor=None).order_by("id")
    for seat_id in list(waiting.values_list("pk", flat=True)):
        try:
            _level_seat(team_id, seat_id, now)
            crash.point("deals.level.one_given_back")
        except DomainError as refusal:
            log.warning("Seat %s of team %s waits for the next run: %s", seat_id, team_id, refusal.code)
    if not waiting.exists():
        Team.objects.filter(pk=team_id, levelled_at=None).update(levelled_at=now)


@transaction.atomic
def _level_seat(team_id: int, seat_id: int, now: datetime) -> None:
    """Every way in which a seat or its order changes locks the team first, so what is read after that stays true."""
    team = Team.objects.select_for_update().get(pk=team_id)
    seat = Seat.objects.filter(pk=seat_id, state=SeatState.PAID, levelled_minor=None).first()
    if seat is None or team.final_minor is None:
        return
    line = OrderLine.objects.get(order_id=seat.order_id)
    back = rules.difference_minor(
        price_minor=team.price_minor,
        final_minor=team.final_minor,
        quantity=line.quantity,
        left_minor=line.paid_minor - line.refunded_minor,
    )
    if back:
        sales.refund_line(
            line_id=line.pk, amount_minor=back, reason=LADDER, actor="system", lowers_price=True,
            idempotency_key=f"{LADDER}:{seat.pk}", now=now,
        )  # fmt: skip
        crash.point("deals.level.promised")
    seat.levelled_minor = back
    seat.save(update_fields=["levelled_minor"])
