"""The life of a launch and of a place in its queue; triggers repeat both tables (migration 0002)."""

from quanzi.kernel.states import StateTable
from quanzi.trade.launches.models import LaunchState, PlaceState

LAUNCH_MOVES: StateTable[str] = StateTable(
    {
        LaunchState.PLANNED: {LaunchState.SELLING, LaunchState.CALLED_OFF},
        LaunchState.SELLING: {LaunchState.OVER, LaunchState.CALLED_OFF},
    }
)

PLACE_MOVES: StateTable[str] = StateTable(
    {
        PlaceState.WAITING: {PlaceState.TURN, PlaceState.LEFT, PlaceState.UNSERVED},
        PlaceState.TURN: {PlaceState.ORDERED, PlaceState.PASSED, PlaceState.LEFT, PlaceState.UNSERVED},
        PlaceState.ORDERED: {PlaceState.ENDED},
    }
)
