"""What this room announces. Amounts are minor units."""

from dataclasses import dataclass

from quanzi.base.events.events import DomainEvent


@dataclass(frozen=True)
class _OfPayment(DomainEvent):
    payment_id: int
    payable_kind: str
    payable_id: int
    amount_minor: int
    currency: str

    @property
    def key(self) -> str:
        return f"payment:{self.payment_id}"


@dataclass(frozen=True)
class PaymentCaptured(_OfPayment):
    """Money arrived. surplus: nobody waits for it, and it is on its way back in full."""

    provider: str
    surplus: bool


@dataclass(frozen=True)
class PaymentClosed(_OfPayment):
    """It can no longer be paid; state is closed or failed."""

    state: str


@dataclass(frozen=True)
class RefundDone(_OfPayment):
    """The provider confirmed that amount_minor went back."""

    refund_id: int


@dataclass(frozen=True)
class RefundFailed(_OfPayment):
    """The provider refused for good; the books are reversed and a person must decide."""

    refund_id: int


@dataclass(frozen=True)
class CaseOpened(DomainEvent):
    """A rightly signed message does not fit what we asked for."""

    notification_id: int
    verdict: str
