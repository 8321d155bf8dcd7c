"""The life of a link: asked (only what a buyer typed at a counter), open, over."""

from quanzi.kernel.states import StateTable
from quanzi.trade.stores.models import LinkState

LINK_MOVES: StateTable[str] = StateTable(
    {
        LinkState.ASKED: {LinkState.OPEN, LinkState.DECLINED, LinkState.CLOSED},
        LinkState.OPEN: {LinkState.CLOSED},
    }
)
