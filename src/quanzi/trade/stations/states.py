"""The life of a round and of an application; triggers repeat both tables (migration 0002)."""

from quanzi.kernel.states import StateTable
from quanzi.trade.stations.models import ApplicationState, RoundState

ROUND_MOVES: StateTable[str] = StateTable({RoundState.OPEN: {RoundState.CLOSED, RoundState.CANCELLED}})

APPLICATION_MOVES: StateTable[str] = StateTable(
    {ApplicationState.ASKED: {ApplicationState.APPROVED, ApplicationState.DECLINED}}
)
