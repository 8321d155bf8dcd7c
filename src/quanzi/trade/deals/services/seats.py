"""A seat's life, moved only together with its order. All of it happens while the team's row is locked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from quanzi.base.events.services import record
from quanzi.base.rows import Insert, Select, Update
from quanzi.kernel import crash
from quanzi.trade.deals import rules
from quanzi.trade.deals.errors import LimitReached, TeamClosed, TeamFull
from quanzi.trade.deals.events import SeatLeft, SeatPaid
from quanzi.trade.deals.models import GroupDeal, Seat, SeatState, Team, TeamState
from quanzi.trade.deals.services.newcomers import is_new_now
from quanzi.trade.deals.services.settling import succeed
from quanzi.trade.deals.states import LIVE_SEATS, SEAT_MOVES
from quanzi.trade.sales.models import Order

HOLD = """
UPDATE deals_team SET taken_seats = taken_seats + 1
WHERE id = %(team)s AND state = 'forming' AND deadline > %(now)s AND taken_seats < most_seats
"""

USE = """
INSERT INTO deals_dealuse AS u (deal_id, member_id, used) VALUES (%(deal)s, %(member)s, 1)
ON CONFLICT (deal_id, member_id) DO UPDATE SET used = u.used + 1 WHERE u.used < %(limit)s
"""

LEAVE = """
WITH freed AS (
    UPDATE deals_team SET taken_seats = taken_seats - 1, paid_seats = paid_seats - %(paid)s WHERE id = %(team)s
)
UPDATE deals_dealuse SET used = used - 1 WHERE deal_id = %(deal)s AND member_id = %(member)s
"""

_insert = Insert(Seat)
_of_order = Select(Seat, "WHERE t.order_id = %s")
_live_of_order = Select(Seat, "WHERE t.order_id = %s AND t.state IN ('held', 'paid')")
_team_of = Select(Team, "WHERE t.id = %s")
_save_paid = Update(Seat, "state", "paid_at", "ended_at")
_save_ended = Update(Seat, "state", "ended_at")
_save_count = Update(Team, "paid_seats")


@dataclass
class Claim:
    """A place held in `team` for a member, on its way to a seat; `seat` is set when the order is written."""

    team: Team
    member_id: int
    invited_by_id: int | None = None
    seat: Seat | None = None

    def __str__(self) -> str:
        """The same for the same wish: an order remembers what was asked for under its key."""
        return f"{self.team.pk}:{self.member_id}"


def hold_place(*, team: Team, now: datetime) -> None:
    """Take one of the free places, or say which refusal it is. The update decides, whatever was read before."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD, {"team": team.pk, "now": now})
        if cursor.rowcount:
            return
    if Team.objects.filter(pk=team.pk, state=TeamState.FORMING, deadline__gt=now).exists():
        raise TeamFull(team_size=team.most_seats)
    raise TeamClosed


def use_deal(*, deal: GroupDeal, member_id: int) -> None:
    """Count one more team of the deal for the member, unless the limit is reached."""
    with connection.cursor() as cursor:
        cursor.execute(USE, {"deal": deal.pk, "member": member_id, "limit": deal.per_member_limit})
        if not cursor.rowcount:
            raise LimitReached(limit=deal.per_member_limit)


def seat(*, claim: Claim, order: Order, now: datetime) -> Seat:
    """Write the seat of a place that `hold_place` took in this transaction."""
    claim.seat = as_seat(claim, order, now)
    _insert(claim.seat)
    return claim.seat


def as_seat(claim: Claim, order: Order, now: datetime) -> Seat:
    """The seat that a claim becomes, not saved yet."""
    return Seat(
        deal_id=claim.team.deal_id,
        team=claim.team,
        member_id=claim.member_id,
        order=order,
        invited_by_id=claim.invited_by_id if claim.invited_by_id != claim.member_id else None,
        taken_at=now,
    )


def pay(*, order: Order, now: datetime) -> bool:
    """Count the seat of a paid order; False when the team does not take it (any more), so that the money goes back.

    The team's row is locked since before the order's, so what is read here is still true when it is written.
    """
    one = _of_order([order.pk])[0]
    one.team = team = _team_of([one.team_id])[0]
    if not rules.takes_people(state=team.state, deadline=team.deadline, now=now):
        return False
    must_be_new = team.newcomers_only and one.member_id != team.opener_id
    if must_be_new and not is_new_now(member_id=one.member_id, order_id=order.pk):
        return False
    if one.state == SeatState.RELEASED and not _retake(one, now):
        return False
    SEAT_MOVES.check(one.state, SeatState.PAID)
    one.state, one.paid_at, one.ended_at = SeatState.PAID, now, None
    _save_paid(one)
    crash.point("deals.pay.seat_paid")
    _count_paid(one, order.origin, now)
    return True


def give_up(*, order: Order, now: datetime) -> None:
    """End the seat of an order that was cancelled (held → released) or refunded whole (paid → refunded).

    The place is free again; after success it stays empty and the others keep their price. Safe to repeat.
    """
    one = _live_of_order.first([order.pk])
    if one is None:
        return
    one.team = _team_of([one.team_id])[0]
    was_paid = one.state == SeatState.PAID
    after = SeatState.REFUNDED if was_paid else SeatState.RELEASED
    SEAT_MOVES.check(one.state, after)
    one.state, one.ended_at = after, now
    _save_ended(one)
    values = {"paid": int(was_paid), "team": one.team_id, "deal": one.deal_id, "member": one.member_id}
    with connection.cursor() as cursor:
        cursor.execute(LEAVE, values)
    crash.point("deals.leave.seat_given_up")
    if one.team.state != TeamState.FAILED:  # else TeamFailed has told it, for all of them
        record(SeatLeft(one.team_id, member_id=one.member_id, order_id=order.pk, was_paid=was_paid), now=now)


def _retake(one: Seat, now: datetime) -> bool:
    """A late payment: take a place and a use again, unless somebody else has them or the member has another seat."""
    if Seat.objects.filter(team_id=one.team_id, member_id=one.member_id, state__in=LIVE_SEATS).exists():
        return False
    try:
        with transaction.atomic():
            hold_place(team=one.team, now=now)
            use_deal(deal=one.team.deal, member_id=one.member_id)
    except (TeamClosed, TeamFull, LimitReached):
        return False
    return True


def _count_paid(one: Seat, origin: str, now: datetime) -> None:
    """One paid seat more; when that was the last one of all, the team has succeeded."""
    team = one.team
    team.paid_seats += 1
    missing, more = max(0, team.team_size - team.paid_seats), team.most_seats - team.paid_seats
    record(
        SeatPaid(
            team.pk,
            member_id=one.member_id,
            order_id=one.order_id,
            invited_by_id=one.invited_by_id,
            missing=missing,
            more=more,
            origin=origin,
        ),
        now=now,
    )
    if more:
        _save_count(team)
    else:
        succeed(team=team, origin=origin, now=now)
