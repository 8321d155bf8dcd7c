"""Cart, orders with their records, pickup points."""

from quanzi.trade.sales.models.cart import CartLine
from quanzi.trade.sales.models.credits import OrderCredit
from quanzi.trade.sales.models.orders import DeliveryMethod, Order, OrderLine, OrderOrigin, OrderState
from quanzi.trade.sales.models.points import PickupPoint
from quanzi.trade.sales.models.records import Adjustment, OrderMove, OrderRefund, RefundPart

__all__ = [
    "Adjustment",
    "CartLine",
    "DeliveryMethod",
    "Order",
    "OrderCredit",
    "OrderLine",
    "OrderMove",
    "OrderOrigin",
    "OrderRefund",
    "OrderState",
    "PickupPoint",
    "RefundPart",
]
