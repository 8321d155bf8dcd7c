"""Writing preorders: planning, taking part, deciding, the balance, the date, the goods."""

from quanzi.trade.preorders.services.arriving import receive_batch, release_due
from quanzi.trade.preorders.services.balancing import ask_balance, lapse_due, order_balance
from quanzi.trade.preorders.services.deciding import call_off, decide_due, make_batch
from quanzi.trade.preorders.services.joining import ask_place, expire_asked, leave
from quanzi.trade.preorders.services.planning import GoodPlan, open_preorder
from quanzi.trade.preorders.services.telling import answer_date, ask_date, close_answers, tell_news

__all__ = [
    "GoodPlan",
    "answer_date",
    "ask_balance",
    "ask_date",
    "ask_place",
    "call_off",
    "close_answers",
    "decide_due",
    "expire_asked",
    "lapse_due",
    "leave",
    "make_batch",
    "open_preorder",
    "order_balance",
    "receive_batch",
    "release_due",
    "tell_news",
]
