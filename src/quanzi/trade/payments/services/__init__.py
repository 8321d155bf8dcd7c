"""What may be done with payments, one function per verb. All take keywords only."""

from quanzi.trade.payments.services.capture import Applied, apply, capture_offline, pay_offline
from quanzi.trade.payments.services.notices import (
    Received,
    apply_notification,
    receive_notification,
    resolve_case,
)
from quanzi.trade.payments.services.refunds import note_paid_back, refund, send_again, send_refund, settle_refund
from quanzi.trade.payments.services.start import PaymentStart, start
from quanzi.trade.payments.services.sync import close, sync
from quanzi.trade.payments.services.together import Back, InHand, pay_offline_all, refund_offline_all

__all__ = [
    "Applied",
    "Back",
    "InHand",
    "PaymentStart",
    "Received",
    "apply",
    "apply_notification",
    "capture_offline",
    "close",
    "note_paid_back",
    "pay_offline",
    "pay_offline_all",
    "receive_notification",
    "refund",
    "refund_offline_all",
    "resolve_case",
    "send_again",
    "send_refund",
    "settle_refund",
    "start",
    "sync",
]
