"""The life of a claim."""

from quanzi.kernel.states import StateTable
from quanzi.trade.aftersales.models import ClaimState

CLAIM_MOVES: StateTable[str] = StateTable(
    {
        ClaimState.OPEN: {ClaimState.ACCEPTED, ClaimState.DECLINED, ClaimState.WITHDRAWN},
        ClaimState.ACCEPTED: set(),
        ClaimState.DECLINED: set(),
        ClaimState.WITHDRAWN: set(),
    }
)
