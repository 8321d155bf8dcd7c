"""Writing after sales: claims, lots that are paused and recalled."""

from quanzi.trade.aftersales.services.answering import accept, ask_back, decline, exchange, locked
from quanzi.trade.aftersales.services.checking import MOST_SAMPLED, check_lot
from quanzi.trade.aftersales.services.claims import ask, call_off, facts_of, lapse_returns, withdraw
from quanzi.trade.aftersales.services.compensating import (
    compensate,
    pay_compensation,
    say_where,
    withdraw_compensation,
)
from quanzi.trade.aftersales.services.disputing import appeal, close_disputes, contest, decide_dispute, say
from quanzi.trade.aftersales.services.filing import keep_file
from quanzi.trade.aftersales.services.invoicing import ask_invoice, issue, need_red_letter, reverse, withdraw_invoice
from quanzi.trade.aftersales.services.pausing import pause, release, watch
from quanzi.trade.aftersales.services.recalling import carry_on_recalls, clear, recall
from quanzi.trade.aftersales.services.returning import arrive, send
from quanzi.trade.aftersales.services.solving import answer_help, ask_help, say_solved

__all__ = [
    "MOST_SAMPLED",
    "accept",
    "answer_help",
    "appeal",
    "arrive",
    "ask",
    "ask_back",
    "ask_help",
    "ask_invoice",
    "call_off",
    "carry_on_recalls",
    "check_lot",
    "clear",
    "close_disputes",
    "compensate",
    "contest",
    "decide_dispute",
    "decline",
    "exchange",
    "facts_of",
    "issue",
    "keep_file",
    "lapse_returns",
    "locked",
    "need_red_letter",
    "pause",
    "pay_compensation",
    "recall",
    "release",
    "reverse",
    "say",
    "say_solved",
    "say_where",
    "send",
    "watch",
    "withdraw",
    "withdraw_compensation",
    "withdraw_invoice",
]
