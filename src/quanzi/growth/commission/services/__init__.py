"""Writes of the room, one function for each verb."""

from quanzi.growth.commission.services.accounts import set_account
from quanzi.growth.commission.services.accruing import accrue, make_payable, reverse_for_refund
from quanzi.growth.commission.services.paying import fail_payout, mark_done, mark_sent
from quanzi.growth.commission.services.ruling import create_rule, end_rule
from quanzi.growth.commission.services.settling import make_payout

__all__ = [
    "accrue",
    "create_rule",
    "end_rule",
    "fail_payout",
    "make_payable",
    "make_payout",
    "mark_done",
    "mark_sent",
    "reverse_for_refund",
    "set_account",
]
