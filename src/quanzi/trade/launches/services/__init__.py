"""Writing launches, brand days and numbered pieces."""

from quanzi.trade.launches.services.buying import order_turn
from quanzi.trade.launches.services.days import (
    DayPlan,
    call_off_day,
    hold_prices,
    order_of_day,
    plan_day,
    remind,
    tell_reminders,
    unremind,
)
from quanzi.trade.launches.services.owning import hand_on, keep_after_all, take_over, write_record
from quanzi.trade.launches.services.pieces import ask_piece, leave_asks, open_edition, order_piece, pass_on_due
from quanzi.trade.launches.services.planning import call_off, plan_launch
from quanzi.trade.launches.services.queueing import enter, leave
from quanzi.trade.launches.services.turning import run, run_due

__all__ = [
    "DayPlan",
    "ask_piece",
    "call_off",
    "call_off_day",
    "enter",
    "hand_on",
    "hold_prices",
    "keep_after_all",
    "leave",
    "leave_asks",
    "open_edition",
    "order_of_day",
    "order_piece",
    "order_turn",
    "pass_on_due",
    "plan_day",
    "plan_launch",
    "remind",
    "run",
    "run_due",
    "take_over",
    "tell_reminders",
    "unremind",
    "write_record",
]
