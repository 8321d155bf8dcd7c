"""Claims, goods on their way back, disputes, lots that are paused and recalled, invoices, compensation."""

from quanzi.trade.aftersales.models.claims import Claim, ClaimPicture, ClaimReason, ClaimState
from quanzi.trade.aftersales.models.compensations import Compensation, CompensationReason, CompensationState, PaidBy
from quanzi.trade.aftersales.models.disputes import Dispute, DisputeState, Side, Statement, StatementPicture
from quanzi.trade.aftersales.models.invoices import Invoice, InvoiceFile, InvoiceKind, InvoiceState
from quanzi.trade.aftersales.models.lots import LotPause, QualityCheck, Recall, RecalledLine
from quanzi.trade.aftersales.models.returns import Return, ReturnState
from quanzi.trade.aftersales.models.solving import HelpAsk, Solved

__all__ = [
    "Claim",
    "ClaimPicture",
    "ClaimReason",
    "ClaimState",
    "Compensation",
    "CompensationReason",
    "CompensationState",
    "Dispute",
    "DisputeState",
    "HelpAsk",
    "Invoice",
    "InvoiceFile",
    "InvoiceKind",
    "InvoiceState",
    "LotPause",
    "PaidBy",
    "QualityCheck",
    "Recall",
    "RecalledLine",
    "Return",
    "ReturnState",
    "Side",
    "Solved",
    "Statement",
    "StatementPicture",
]
