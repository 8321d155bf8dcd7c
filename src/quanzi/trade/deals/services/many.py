"""Seats of many orders at once, each at its own moment: what `seats` does for one, by one statement for each table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from quanzi.base import planned
from quanzi.base.events.events import DomainEvent
from quanzi.base.events.services import record_history
from quanzi.base.rows import InsertMany, Select
from quanzi.kernel import crash
from quanzi.trade.deals import rules
from quanzi.trade.deals.errors import LimitReached, TeamClosed, TeamFull
from quanzi.trade.deals.events import SeatLeft, SeatPaid
from quanzi.trade.deals.models import GroupDeal, Seat, SeatState, Team, TeamState
from quanzi.trade.deals.services.seats import Claim, as_seat
from quanzi.trade.deals.services.settling import name_final_price, succeed_all
from quanzi.trade.deals.states import SEAT_MOVES, TEAM_MOVES
from quanzi.trade.sales.models import Order

HOLD = """
UPDATE deals_team t SET taken_seats = t.taken_seats + asked.wanted
FROM unnest(%s::bigint[], %s::int[]) AS asked (id, wanted)
WHERE t.id = asked.id AND t.state = 'forming' AND t.taken_seats + asked.wanted <= t.most_seats
RETURNING t.id
"""

# Somebody may be in several of these teams; then they count together.
USE = """
INSERT INTO deals_dealuse AS u (deal_id, member_id, used)
SELECT asked.deal, asked.member, count(*) FROM unnest(%s::bigint[], %s::bigint[]) AS asked (deal, member)
GROUP BY 1, 2 HAVING count(*) <= (SELECT per_member_limit FROM deals_groupdeal d WHERE d.id = asked.deal) ORDER BY 1, 2
ON CONFLICT (deal_id, member_id) DO UPDATE SET used = u.used + excluded.used
WHERE u.used + excluded.used <= (SELECT per_member_limit FROM deals_groupdeal d WHERE d.id = u.deal_id)
RETURNING u.id
"""

PAY = """
UPDATE deals_seat s SET state = 'paid', paid_at = asked.at
FROM unnest(%s::bigint[], %s::timestamptz[]) AS asked (order_id, at) WHERE s.order_id = asked.order_id AND s.state = 'held'
RETURNING s.id
"""

COUNT = """
UPDATE deals_team t SET paid_seats = asked.paid, state = asked.state, succeeded_at = asked.at,
    final_minor = asked.final, levelled_at = asked.levelled
FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::timestamptz[], %s::bigint[], %s::timestamptz[])
    AS asked (id, paid, state, at, final, levelled)
WHERE t.id = asked.id RETURNING t.id
"""

END = "UPDATE deals_seat SET state = 'refunded', ended_at = %s WHERE id = ANY (%s::bigint[]) AND state = 'paid' RETURNING id"

LEAVE = """
UPDATE deals_team t SET taken_seats = t.taken_seats - gone.seats, paid_seats = t.paid_seats - gone.seats
FROM (SELECT one, count(*) AS seats FROM unnest(%s::bigint[]) AS one GROUP BY one) AS gone WHERE t.id = gone.one RETURNING t.id
"""

UNUSE = """
UPDATE deals_dealuse u SET used = u.used - gone.seats
FROM (SELECT deal, member, count(*) AS seats FROM unnest(%s::bigint[], %s::bigint[]) AS one (deal, member) GROUP BY 1, 2) AS gone
WHERE u.deal_id = gone.deal AND u.member_id = gone.member RETURNING u.id
"""

_insert_seats = InsertMany(Seat)
_seats_of = Select(Seat, "WHERE t.order_id = ANY (%s::bigint[]) AND t.state IN ('held', 'paid') ORDER BY t.id")
_teams = Select(Team, "WHERE t.id = ANY (%s::bigint[]) ORDER BY t.id")


def hold_places(claims: Sequence[Claim]) -> None:
    """Take a place for each claim, whose teams were made in this transaction. Raises TeamFull."""
    wanted: dict[int, int] = {}
    for claim in claims:
        wanted[claim.team.pk] = wanted.get(claim.team.pk, 0) + 1
    held = {team_id for (team_id,) in planned.rows(HOLD, [list(wanted), list(wanted.values())])}
    for claim in claims:
        if claim.team.pk not in held:
            raise TeamFull(team_size=claim.team.most_seats)


def use_deals(claims: Sequence[Claim]) -> None:
    """Count one more team of its deal for each claim's member. Raises LimitReached."""
    asked = [(claim.team.deal_id, claim.member_id) for claim in claims]
    counted = planned.rows(USE, [[deal_id for deal_id, _ in asked], [member_id for _, member_id in asked]])
    if len(counted) < len(set(asked)):
        deal: GroupDeal = claims[0].team.deal
        raise LimitReached(limit=deal.per_member_limit)


def seat_all(*, claims: Sequence[Claim], orders: Sequence[Order]) -> None:
    """Write the seats of places that `hold_places` took in this transaction."""
    seats = [as_seat(claim, order, order.placed_at) for claim, order in zip(claims, orders, strict=True)]
    _insert_seats(seats)
    for claim, seat in zip(claims, seats, strict=True):
        claim.seat = seat


def pay_all(*, orders: Sequence[Order]) -> None:
    """Count the seats of orders that were just paid; full teams have succeeded. Raises TeamClosed for a late payment.

    The teams' rows are locked since before the orders', so what is read here is still true when it is written.
    """
    paid = {order.pk: order for order in orders}
    seats = _seats_of([list(paid)])
    teams = {team.pk: team for team in _teams([sorted({seat.team_id for seat in seats})])}
    told: list[tuple[DomainEvent, datetime]] = []
    full: list[tuple[Team, str]] = []
    for seat in sorted(seats, key=lambda one: (paid[one.order_id].paid_at, one.pk)):
        order, team = paid[seat.order_id], teams[seat.team_id]
        at = order.paid_at
        if at is None or not rules.takes_people(state=team.state, deadline=team.deadline, now=at):
            raise TeamClosed
        SEAT_MOVES.check(seat.state, SeatState.PAID)
        team.paid_seats += 1
        told.append((_seat_paid(seat, team, order.origin), at))
        if team.paid_seats == team.most_seats:
            TEAM_MOVES.check(team.state, TeamState.SUCCEEDED)
            team.state, team.succeeded_at = TeamState.SUCCEEDED, at
            name_final_price(team, at)
            full.append((team, order.origin))
    planned.rows(PAY, [list(paid), [order.paid_at for order in orders]])
    _save_counts(list(teams.values()))
    record_history(told)
    if full:
        succeed_all(teams=full)


def _seat_paid(seat: Seat, team: Team, origin: str) -> SeatPaid:
    return SeatPaid(
        team.pk,
        member_id=seat.member_id,
        order_id=seat.order_id,
        invited_by_id=seat.invited_by_id,
        missing=max(0, team.team_size - team.paid_seats),
        more=team.most_seats - team.paid_seats,
        origin=origin,
    )


def _save_counts(teams: Sequence[Team]) -> None:
    rows = [
        (one.pk, one.paid_seats, str(one.state), one.succeeded_at, one.final_minor, one.levelled_at) for one in teams
    ]
    planned.rows(COUNT, [list(column) for column in zip(*rows, strict=True)])


def give_up_all(*, orders: Sequence[Order], now: datetime) -> None:
    """End the seats of orders that were refunded whole; their places are free again."""
    seats = _seats_of([[order.pk for order in orders]])
    for seat in seats:
        SEAT_MOVES.check(seat.state, SeatState.REFUNDED)
    planned.rows(END, [now, [seat.pk for seat in seats]])
    planned.rows(LEAVE, [[seat.team_id for seat in seats]])
    planned.rows(UNUSE, [[seat.deal_id for seat in seats], [seat.member_id for seat in seats]])
    crash.point("deals.fail_all.seats_given_up")
    failed = {team.pk for team in _teams([[seat.team_id for seat in seats]]) if team.state == TeamState.FAILED}
    record_history(  # TeamFailed has told it, for all of a team's people
        [
            (SeatLeft(seat.team_id, member_id=seat.member_id, order_id=seat.order_id, was_paid=True), now)
            for seat in seats
            if seat.team_id not in failed
        ]
    )
