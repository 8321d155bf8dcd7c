"""The life of a payout. The database repeats this table in a trigger (migration 0004)."""

from quanzi.growth.commission.models import PayoutState
from quanzi.kernel.states import StateTable

PAYOUT_MOVES: StateTable[str] = StateTable(
    {
        PayoutState.ASKED: {PayoutState.APPROVED, PayoutState.FAILED},
        PayoutState.APPROVED: {PayoutState.SENT, PayoutState.FAILED},
        # A transfer comes back: its booking is reversed, and its lines wait for another payout.
        PayoutState.SENT: {PayoutState.DONE, PayoutState.FAILED},
        PayoutState.DONE: set(),
        PayoutState.FAILED: set(),
    }
)
