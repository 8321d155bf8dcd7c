"""The life of a preorder and of a place; triggers repeat both tables (migration 0002)."""

from quanzi.kernel.states import StateTable
from quanzi.trade.preorders.models import PlaceState, PreorderState

PREORDER_MOVES: StateTable[str] = StateTable(
    {
        PreorderState.OPEN: {PreorderState.MADE, PreorderState.MISSED, PreorderState.CALLED_OFF},
        PreorderState.MADE: {PreorderState.DONE, PreorderState.CALLED_OFF},
    }
)

PLACE_MOVES: StateTable[str] = StateTable(
    {
        PlaceState.ASKED: {PlaceState.HELD, PlaceState.GONE},
        PlaceState.HELD: {PlaceState.SETTLED, PlaceState.RETURNED},
        # A paid order that is refunded whole sends the deposit back with it.
        PlaceState.SETTLED: {PlaceState.RETURNED},
    }
)
