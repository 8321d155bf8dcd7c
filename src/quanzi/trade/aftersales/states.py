"""The lives of claims, of goods that come back, of disputes, invoices and compensation."""

from quanzi.kernel.states import StateTable
from quanzi.trade.aftersales.models import ClaimState, CompensationState, DisputeState, InvoiceState, ReturnState

CLAIM_MOVES: StateTable[str] = StateTable(
    {
        ClaimState.OPEN: {ClaimState.ACCEPTED, ClaimState.EXCHANGED, ClaimState.DECLINED, ClaimState.WITHDRAWN},
        ClaimState.ACCEPTED: set(),
        ClaimState.EXCHANGED: set(),
        ClaimState.DECLINED: set(),
        ClaimState.WITHDRAWN: set(),
    }
)

RETURN_MOVES: StateTable[str] = StateTable(
    {
        ReturnState.AGREED: {ReturnState.SENT, ReturnState.ARRIVED, ReturnState.ENDED, ReturnState.REFUSED},
        ReturnState.SENT: {ReturnState.ARRIVED, ReturnState.ENDED, ReturnState.REFUSED},
        ReturnState.ARRIVED: {ReturnState.SETTLED, ReturnState.REFUSED, ReturnState.ENDED},
        ReturnState.SETTLED: set(),
        ReturnState.REFUSED: set(),
        ReturnState.ENDED: set(),
    }
)

DISPUTE_MOVES: StateTable[str] = StateTable(
    {
        DisputeState.OPEN: {DisputeState.DECIDED},
        DisputeState.DECIDED: {DisputeState.APPEALED, DisputeState.CLOSED},
        DisputeState.APPEALED: {DisputeState.CLOSED},
        DisputeState.CLOSED: set(),
    }
)

INVOICE_MOVES: StateTable[str] = StateTable(
    {
        InvoiceState.ASKED: {InvoiceState.ISSUED, InvoiceState.WITHDRAWN},
        InvoiceState.ISSUED: {InvoiceState.RED_NEEDED, InvoiceState.REVERSED},
        InvoiceState.RED_NEEDED: {InvoiceState.REVERSED},
        InvoiceState.REVERSED: set(),
        InvoiceState.WITHDRAWN: set(),
    }
)

COMPENSATION_MOVES: StateTable[str] = StateTable(
    {
        CompensationState.PROMISED: {CompensationState.PAID, CompensationState.WITHDRAWN},
        CompensationState.PAID: set(),
        CompensationState.WITHDRAWN: set(),
    }
)
