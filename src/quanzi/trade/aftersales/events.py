"""What after sales announces."""

from dataclasses import dataclass

from quanzi.base.events.events import DomainEvent


@dataclass(frozen=True)
class ClaimOpened(DomainEvent):
    claim_id: int
    line_id: int
    member_id: int
    reason: str


@dataclass(frozen=True)
class ClaimDecided(DomainEvent):
    """state: accepted, exchanged, declined or withdrawn."""

    claim_id: int
    line_id: int
    member_id: int
    state: str


@dataclass(frozen=True)
class LotPaused(DomainEvent):
    """is_automatic: complaints passed the threshold."""

    lot_id: int
    sku_id: int
    reason: str
    is_automatic: bool


@dataclass(frozen=True)
class LotReleased(DomainEvent):
    lot_id: int
    sku_id: int
    reason: str


@dataclass(frozen=True)
class ReturnSent(DomainEvent):
    """The buyer sent the goods back."""

    claim_id: int
    line_id: int
    member_id: int


@dataclass(frozen=True)
class ReturnArrived(DomainEvent):
    claim_id: int
    line_id: int
    member_id: int


@dataclass(frozen=True)
class DisputeOpened(DomainEvent):
    dispute_id: int
    claim_id: int
    line_id: int
    member_id: int


@dataclass(frozen=True)
class DisputeDecided(DomainEvent):
    """is_final: the appeal was decided."""

    dispute_id: int
    claim_id: int
    line_id: int
    member_id: int
    amount_minor: int
    is_final: bool


@dataclass(frozen=True)
class InvoiceIssued(DomainEvent):
    invoice_id: int
    order_id: int
    member_id: int


@dataclass(frozen=True)
class InvoiceReversed(DomainEvent):
    """By a red-letter invoice."""

    invoice_id: int
    order_id: int
    member_id: int


@dataclass(frozen=True)
class CompensationGranted(DomainEvent):
    """Beyond what was paid: no refund."""

    compensation_id: int
    line_id: int
    member_id: int
    amount_minor: int
    currency: str


@dataclass(frozen=True)
class CompensationPaid(DomainEvent):
    compensation_id: int
    line_id: int
    member_id: int
    amount_minor: int
    currency: str
