"""Writing coupons: making, taking, giving, spending."""

from quanzi.trade.rewards.services.giving import give, give_or_ask
from quanzi.trade.rewards.services.making import Terms, end_coupon, make_coupon
from quanzi.trade.rewards.services.spending import give_back
from quanzi.trade.rewards.services.taking import take_by_code, take_coupon

__all__ = ["Terms", "end_coupon", "give", "give_back", "give_or_ask", "make_coupon", "take_by_code", "take_coupon"]
