"""The life of an order. The database repeats this table in a trigger (migration 0002) and writes the log."""

from quanzi.kernel.states import StateTable
from quanzi.trade.sales.models import OrderState

BORN = ""
"""The state before an order is written, as the log of moves has it."""

ORDER_MOVES: StateTable[str] = StateTable(
    {
        BORN: {OrderState.PLACED},
        OrderState.PLACED: {OrderState.PAID, OrderState.CANCELLED},
        # Money that comes after the time to pay ran out revives the order when the goods are still free.
        OrderState.CANCELLED: {OrderState.PAID},
        OrderState.PAID: {OrderState.HANDED_OVER, OrderState.REFUNDED},
        OrderState.HANDED_OVER: {OrderState.RECEIVED, OrderState.REFUNDED},
        OrderState.RECEIVED: {OrderState.COMPLETED, OrderState.REFUNDED},
        OrderState.COMPLETED: {OrderState.REFUNDED},
        OrderState.REFUNDED: set(),
    }
)

EXPIRED = "expired"
"""The `end_reason` of an order that nobody paid in time; only such an order may be revived."""
