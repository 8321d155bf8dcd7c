"""Writing launches: planning, entering, the lot, turns, orders."""

from quanzi.trade.launches.services.buying import order_turn
from quanzi.trade.launches.services.planning import call_off, plan_launch
from quanzi.trade.launches.services.queueing import enter, leave
from quanzi.trade.launches.services.turning import run, run_due

__all__ = ["call_off", "enter", "leave", "order_turn", "plan_launch", "run", "run_due"]
