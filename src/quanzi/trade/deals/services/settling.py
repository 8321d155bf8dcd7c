"""What follows from a team's end: goods released and people tied, or every fen given back."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q

from quanzi.base.events.services import record
from quanzi.base.rows import Update
from quanzi.kernel import crash
from quanzi.kernel.errors import DomainError
from quanzi.people.trust.models import TieKind
from quanzi.people.trust.services import TieFact, record_ties
from quanzi.trade.deals import rules
from quanzi.trade.deals.events import TeamFailed, TeamSucceeded
from quanzi.trade.deals.models import Seat, SeatState, Team, TeamState
from quanzi.trade.deals.states import LIVE_SEATS, TEAM_MOVES
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import OrderState

log = logging.getLogger(__name__)

FAILED = "team_failed"

PAID = "SELECT member_id, order_id FROM deals_seat WHERE team_id = %s AND state = 'paid' ORDER BY id"

_save_success = Update(Team, "paid_seats", "state", "succeeded_at")


def fail_due(now: datetime, *, limit: int = 1000, only: Collection[int] | None = None) -> int:
    """Fail teams whose deadline has passed and give everything back; returns how many teams were worked on.

    only: look at these teams alone, so that several processes can share the work.
    Each team and each seat has its own transaction, so that a crash or a difficult order leaves the others done;
    the next run goes on with what is left. Money goes back first to those who wait longest.
    """
    due = Q(state=TeamState.FORMING, deadline__lte=now) | Q(state=TeamState.FAILED, taken_seats__gt=0)
    among = Q() if only is None else Q(pk__in=only)
    teams = list(Team.objects.filter(due, among).order_by("deadline", "id").values_list("pk", flat=True)[:limit])
    for team_id in teams:
        _fail(team_id, now)
        crash.point("deals.fail.marked")
        _give_back(team_id, now)
    return len(teams)


def succeed(*, team: Team, origin: str, now: datetime) -> None:
    """Every seat of a locked team is paid (`team.paid_seats` is counted up, not saved yet); triggers prove it.

    origin: of the order that was paid last.
    """
    TEAM_MOVES.check(team.state, TeamState.SUCCEEDED)
    team.state, team.succeeded_at = TeamState.SUCCEEDED, now
    _save_success(team)
    crash.point("deals.succeed.marked")
    members = _settle(team, now)
    crash.point("deals.succeed.settled")
    told = TeamSucceeded(
        team.pk, deal_id=team.deal_id, opener_id=team.opener_id, member_ids=tuple(members), origin=origin
    )
    record(told, now=now)


@transaction.atomic
def settle_team(*, team_id: int, now: datetime) -> None:
    """Do again what follows from success, for a repair: release orders, tie people. Safe to repeat."""
    team = Team.objects.select_for_update().get(pk=team_id)
    if team.state == TeamState.SUCCEEDED:
        _settle(team, now)


def _settle(team: Team, now: datetime) -> list[int]:
    """Let the paid orders go to be prepared, and tie the people who bought together; returns their ids."""
    with connection.cursor() as cursor:
        cursor.execute(PAID, [team.pk])
        paid = cursor.fetchall()
    members = [member_id for member_id, _ in paid]
    sales.release_all(order_ids=[order_id for _, order_id in paid], now=now)
    pairs = rules.ties(opener_id=team.opener_id, member_ids=members)
    record_ties(
        [TieFact(source, target, TieKind.BOUGHT_TOGETHER, f"team:{team.pk}") for source, target in pairs], now=now
    )
    return members


@transaction.atomic
def _fail(team_id: int, now: datetime) -> None:
    """Move a due team to failed; a last payment that is being counted goes first, or finds it failed."""
    team = Team.objects.select_for_update().get(pk=team_id)
    if team.state != TeamState.FORMING or now < team.deadline:
        return
    TEAM_MOVES.check(team.state, TeamState.FAILED)
    team.state, team.failed_at = TeamState.FAILED, now
    team.save(update_fields=["state", "failed_at"])
    crash.point("deals.fail.written")
    paid = Seat.objects.filter(team=team, state=SeatState.PAID).order_by("id")
    rows = list(paid.values_list("member_id", "order__origin"))
    told = TeamFailed(
        team.pk, deal_id=team.deal_id, opener_id=team.opener_id, member_ids=tuple(member for member, _ in rows)
    )
    record(replace(told, origin=rows[0][1]) if rows else told, now=now)


def _give_back(team_id: int, now: datetime) -> None:
    """End every live seat of a failed team through its order: paid ones refunded whole, unpaid ones cancelled."""
    seats = Seat.objects.select_related("order").filter(
        team_id=team_id, team__state=TeamState.FAILED, state__in=LIVE_SEATS
    )
    for seat in seats.order_by("id"):
        try:
            _end_order(seat, now)
            crash.point("deals.fail.one_given_back")
        except DomainError as refusal:
            # Between reading and ending, the buyer or the provider was quicker; the next run sees what is left.
            log.warning("Seat %s of failed team %s waits for the next run: %s", seat.pk, team_id, refusal.code)


def _end_order(seat: Seat, now: datetime) -> None:
    if seat.order.state == OrderState.PLACED:
        sales.cancel_order(order_id=seat.order_id, actor="system", reason=FAILED, now=now)
    else:
        sales.refund_order(
            order_id=seat.order_id, actor="system", reason=FAILED, idempotency_key=f"{FAILED}:{seat.pk}", now=now
        )
