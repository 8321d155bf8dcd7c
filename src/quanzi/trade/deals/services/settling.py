"""What follows from a team's end: goods released and people tied, or every fen given back."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from quanzi.base import planned
from quanzi.base.events.services import record, record_history
from quanzi.base.rows import Select, Update
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

PAID = """
SELECT team_id, member_id, order_id FROM deals_seat WHERE team_id = ANY (%s::bigint[]) AND state = 'paid' ORDER BY team_id, id
"""

PAID_SEATS = """
SELECT s.team_id, s.id, s.member_id, s.order_id, o.origin FROM deals_seat s JOIN sales_order o ON o.id = s.order_id
WHERE s.team_id = ANY (%s::bigint[]) AND s.state = 'paid' ORDER BY s.team_id, s.id
"""

FAIL = "UPDATE deals_team SET state = 'failed', failed_at = %s WHERE id = ANY (%s::bigint[]) RETURNING id"

_due = Select(
    Team,
    "WHERE t.id = ANY (%s::bigint[]) AND t.state = 'forming' AND t.deadline <= %s AND t.paid_seats < t.team_size"
    " ORDER BY t.id FOR UPDATE",
)
_save_success = Update(Team, "paid_seats", "state", "succeeded_at", "final_minor", "levelled_at")


def fail_due(now: datetime, *, limit: int = 1000, only: Collection[int] | None = None) -> int:
    """End teams whose deadline has passed and give back what failed; returns how many teams were worked on.

    A team on a ladder that has people enough succeeds then, at the step that it has reached; every other one fails.
    only: look at these teams alone, so that several processes can share the work.
    Each team and each seat has its own transaction, so that a crash or a difficult order leaves the others done;
    the next run goes on with what is left. Money goes back first to those who wait longest.
    """
    due = Q(state=TeamState.FORMING, deadline__lte=now) | Q(state=TeamState.FAILED, taken_seats__gt=0)
    teams = _first(due, limit, only)
    for team_id in teams:
        _end(team_id, now)
        crash.point("deals.fail.marked")
        _give_back(team_id, now)
    return len(teams)


def _first(due: Q, limit: int, only: Collection[int] | None) -> list[int]:
    """Ids of teams that wait longest."""
    among = Q() if only is None else Q(pk__in=only)
    return list(Team.objects.filter(due, among).order_by("deadline", "id").values_list("pk", flat=True)[:limit])


@transaction.atomic
def fail_together(now: datetime, *, limit: int = 400, only: Collection[int] | None = None) -> int:
    """`fail_due` for teams whose orders were paid offline, in one transaction; returns how many have failed.

    Held seats are left to `fail_due`. Raises what `refund_orders` raises, and then nothing was done.
    """
    due = Q(state=TeamState.FORMING, deadline__lte=now, paid_seats__lt=F("team_size"))
    teams = _due([_first(due, limit, only), now])
    if not teams:
        return 0
    for team in teams:
        TEAM_MOVES.check(team.state, TeamState.FAILED)
    planned.rows(FAIL, [now, [team.pk for team in teams]])
    crash.point("deals.fail_all.written")
    seats = planned.rows(PAID_SEATS, [[team.pk for team in teams]])
    told = []
    for team in teams:
        rows = [row for row in seats if row[0] == team.pk]
        event = TeamFailed(
            team.pk, deal_id=team.deal_id, opener_id=team.opener_id, member_ids=tuple(row[2] for row in rows)
        )
        told.append((replace(event, origin=rows[0][4]) if rows else event, now))
    record_history(told)
    if seats:
        keys = [(order_id, f"{FAILED}:{seat_id}") for _, seat_id, _, order_id, _ in seats]
        sales.refund_orders(keys=keys, reason=FAILED, actor="system", now=now)
    return len(teams)


def succeed(*, team: Team, origin: str, now: datetime) -> None:
    """A locked team has what it needs (`team.paid_seats` is counted up, not saved yet); triggers prove it.

    That is every seat paid, or its deadline and people enough for a step. origin: of the order that was paid last.
    """
    TEAM_MOVES.check(team.state, TeamState.SUCCEEDED)
    team.state, team.succeeded_at = TeamState.SUCCEEDED, now
    name_final_price(team, now)
    _save_success(team)
    crash.point("deals.succeed.marked")
    members = _settle(team, now)
    crash.point("deals.succeed.settled")
    told = TeamSucceeded(
        team.pk, deal_id=team.deal_id, opener_id=team.opener_id, member_ids=tuple(members), origin=origin
    )
    record(told, now=now)


def name_final_price(team: Team, now: datetime) -> None:
    """The price of the step that a ladder reached; without a difference there is nothing to give back."""
    if team.most_seats == team.team_size:
        return
    deal = team.deal
    steps = rules.ladder(team_size=deal.team_size, price_minor=deal.price_minor, steps=deal.steps)
    team.final_minor = rules.price_reached(steps, people=team.paid_seats)
    team.levelled_at = now if team.final_minor == team.price_minor else None


@transaction.atomic
def settle_team(*, team_id: int, now: datetime) -> None:
    """Do again what follows from success, for a repair: release orders, tie people. Safe to repeat."""
    team = Team.objects.select_for_update().get(pk=team_id)
    if team.state == TeamState.SUCCEEDED:
        _settle(team, now)


def succeed_all(*, teams: Sequence[tuple[Team, str]]) -> None:
    """`succeed` for several, each at its `succeeded_at` and with its origin; their rows say already that they succeeded."""
    moments = {team.pk: team.succeeded_at for team, _ in teams if team.succeeded_at is not None}
    settled = _settle_all([team for team, _ in teams], moments)
    told = [
        TeamSucceeded(
            team.pk, deal_id=team.deal_id, opener_id=team.opener_id, member_ids=tuple(settled[team.pk]), origin=origin
        )
        for team, origin in teams
    ]
    record_history([(event, moments[event.team_id]) for event in told])


def _settle(team: Team, now: datetime) -> list[int]:
    """Let the paid orders go to be prepared, and tie the people who bought together; returns their ids."""
    return _settle_all([team], {team.pk: now})[team.pk]


def _settle_all(teams: Sequence[Team], moments: Mapping[int, datetime]) -> dict[int, list[int]]:
    """`_settle` for several, each at its moment: people by team, in the order of their seats."""
    paid = planned.rows(PAID, [list(moments)])
    people: dict[int, list[int]] = {team_id: [] for team_id in moments}
    for team_id, member_id, _ in paid:
        people[team_id].append(member_id)
    sales.release_each([(order_id, moments[team_id]) for team_id, _, order_id in paid])
    record_ties(
        [
            TieFact(source, target, TieKind.BOUGHT_TOGETHER, f"team:{team.pk}", moments[team.pk])
            for team in teams
            for source, target in rules.ties(opener_id=team.opener_id, member_ids=people[team.pk])
        ],
        now=max(moments.values()),
    )
    return people


@transaction.atomic
def _end(team_id: int, now: datetime) -> None:
    """A due team fails, or succeeds on the step it has; a last payment that is being counted goes first, or finds it ended."""
    team = Team.objects.select_for_update().get(pk=team_id)
    if team.state != TeamState.FORMING or now < team.deadline:
        return
    if team.paid_seats < team.team_size:
        _fail(team, now)
        return
    last = Seat.objects.filter(team=team, state=SeatState.PAID).order_by("-paid_at", "-id")
    succeed(team=team, origin=last.values_list("order__origin", flat=True)[0], now=now)


def _fail(team: Team, now: datetime) -> None:
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
