"""The lives of a team and of a seat; the database repeats both tables in triggers (migration 0002)."""

from quanzi.kernel.states import StateTable
from quanzi.trade.deals.models import SeatState, TeamState

TEAM_MOVES: StateTable[str] = StateTable({TeamState.FORMING: {TeamState.SUCCEEDED, TeamState.FAILED}})

SEAT_MOVES: StateTable[str] = StateTable(
    {
        SeatState.HELD: {SeatState.PAID, SeatState.RELEASED},
        # Money that comes after the time to pay ran out takes a free seat again while the team still forms.
        SeatState.RELEASED: {SeatState.PAID},
        SeatState.PAID: {SeatState.REFUNDED},
    }
)

LIVE_SEATS = (SeatState.HELD, SeatState.PAID)
"""Seats that count: a held one keeps a place free until its order is paid or ends."""
