"""Writing launches: planning, entering, the lot, turns, orders."""

from quanzi.trade.launches.services.buying import order_turn
from quanzi.trade.launches.services.days import (
    DayPlan,
    call_off_day,
    order_of_day,
    plan_day,
    remind,
    tell_reminders,
    unremind,
)
from quanzi.trade.launches.services.planning import call_off, plan_launch
from quanzi.trade.launches.services.queueing import enter, leave
from quanzi.trade.launches.services.turning import run, run_due

__all__ = [
    "DayPlan",
    "call_off",
    "call_off_day",
    "enter",
    "leave",
    "order_of_day",
    "order_turn",
    "plan_day",
    "plan_launch",
    "remind",
    "run",
    "run_due",
    "tell_reminders",
    "unremind",
]
