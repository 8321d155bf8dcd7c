"""The tables of the room."""

from quanzi.growth.commission.models.accruals import Accrual, AccrualState, CommissionRule
from quanzi.growth.commission.models.payouts import (
    LineKind,
    Payout,
    PayoutAccount,
    PayoutLine,
    PayoutMethod,
    PayoutState,
)

__all__ = [
    "Accrual",
    "AccrualState",
    "CommissionRule",
    "LineKind",
    "Payout",
    "PayoutAccount",
    "PayoutLine",
    "PayoutMethod",
    "PayoutState",
]
