"""Writing sales: the cart, placing, paying, ending, handing over, keeping, refunding."""

from quanzi.trade.sales.services.asking import refund_or_ask
from quanzi.trade.sales.services.cart import add_to_cart, cart_quote, remove_line, set_quantity
from quanzi.trade.sales.services.crediting import credit
from quanzi.trade.sales.services.disputing import dispute_line, settle_line
from quanzi.trade.sales.services.ending import cancel_order, expire_unpaid
from quanzi.trade.sales.services.giving_back import earn_returned, put_line_back, take_back
from quanzi.trade.sales.services.handing import auto_receive, begin_windows_anew, confirm_receipt, mark_handed_over
from quanzi.trade.sales.services.keeping import close_windows, say_kept
from quanzi.trade.sales.services.paying import release, release_all, release_each
from quanzi.trade.sales.services.placing import place_order
from quanzi.trade.sales.services.points import open_pickup_point, update_pickup_point
from quanzi.trade.sales.services.refunding import refund_line, refund_order
from quanzi.trade.sales.services.together import Wish, place_all
from quanzi.trade.sales.services.undoing import refund_orders

__all__ = [
    "Wish",
    "add_to_cart",
    "auto_receive",
    "begin_windows_anew",
    "cancel_order",
    "cart_quote",
    "close_windows",
    "confirm_receipt",
    "credit",
    "dispute_line",
    "earn_returned",
    "expire_unpaid",
    "mark_handed_over",
    "open_pickup_point",
    "place_all",
    "place_order",
    "put_line_back",
    "refund_line",
    "refund_or_ask",
    "refund_order",
    "refund_orders",
    "release",
    "release_all",
    "release_each",
    "remove_line",
    "say_kept",
    "set_quantity",
    "settle_line",
    "take_back",
    "update_pickup_point",
]
