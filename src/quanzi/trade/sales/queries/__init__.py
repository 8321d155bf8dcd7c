"""Reading sales: the cart, orders, what was kept, pickup points. Plain rows, ready to draw."""

from quanzi.trade.sales.queries.cart import CartRow, CartView, cart_count, cart_view, waiting_for
from quanzi.trade.sales.queries.charged import lowest_charged, struck, struck_of
from quanzi.trade.sales.queries.kept import Evidence, KeptCount, evidence, kept_lines, product_counts, pseudonym_of
from quanzi.trade.sales.queries.orders import (
    GROUPS,
    LineRow,
    OrderCard,
    find_by_key,
    group_counts,
    my_orders,
    orders_by_state,
)
from quanzi.trade.sales.queries.pages import OrderPage, number_of, order_page, own_order_id
from quanzi.trade.sales.queries.points import PointCard, open_points

__all__ = [
    "GROUPS",
    "CartRow",
    "CartView",
    "Evidence",
    "KeptCount",
    "LineRow",
    "OrderCard",
    "OrderPage",
    "PointCard",
    "cart_count",
    "cart_view",
    "evidence",
    "find_by_key",
    "group_counts",
    "kept_lines",
    "lowest_charged",
    "my_orders",
    "number_of",
    "open_points",
    "order_page",
    "orders_by_state",
    "own_order_id",
    "product_counts",
    "pseudonym_of",
    "struck",
    "struck_of",
    "waiting_for",
]
