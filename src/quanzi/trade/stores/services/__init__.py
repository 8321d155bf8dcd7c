"""Writing stores: opening and counting, links that ask for money, orders at the counter."""

from quanzi.trade.stores.services.asking import answer_amount, ask_amount
from quanzi.trade.stores.services.keeping import call_off_event, change_store, count_shelf, open_store, plan_event
from quanzi.trade.stores.services.linking import close_link, link_amount, link_goods
from quanzi.trade.stores.services.ordering import order_at_counter, order_by_link

__all__ = [
    "answer_amount",
    "ask_amount",
    "call_off_event",
    "change_store",
    "close_link",
    "count_shelf",
    "link_amount",
    "link_goods",
    "open_store",
    "order_at_counter",
    "order_by_link",
    "plan_event",
]
