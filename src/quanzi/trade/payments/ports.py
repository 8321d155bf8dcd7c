"""What upper rooms fill in: the things that can be paid for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from quanzi.kernel.money import Money

if TYPE_CHECKING:
    from quanzi.trade.payments.models import Payment, Refund


@dataclass(frozen=True)
class PayableInfo:
    """What the payer sees and owes. pay_by: when the offer ends, None for the provider's default."""

    title: str
    amount: Money
    member_id: int
    is_payable: bool
    pay_by: datetime | None = None


class Payable(Protocol):
    """A kind of thing that can be paid for, such as "order". Both callbacks run inside the payment's transaction."""

    kind: str

    def describe(self, payable_id: int, locked: Any = None) -> PayableInfo:
        """locked: what `LocksFirst.lock` returned, if it was called. Raises a NotFound when there is no such thing."""
        ...

    def on_captured(self, *, payable_id: int, payment: "Payment", locked: Any = None, now: datetime) -> bool:
        """Money is here, once. False: it is no longer wanted, and all of it goes back by itself."""
        ...

    def on_refunded(self, *, payable_id: int, refund: "Refund", now: datetime) -> None:
        """The provider confirmed a refund. Not called for money that was never wanted.

        For a provider without a network (cash) this happens before `services.refund` returns.
        """
        ...


@runtime_checkable
class LocksFirst(Protocol):
    """A payable may also lock its own row before the payment's, to keep one order of locks (higher rooms first).

    What it returns is handed back to `describe` and `on_captured`, which need not read again what is locked.
    """

    def lock(self, *, payable_id: int) -> Any: ...


@runtime_checkable
class PaidTogether(Protocol):
    """A payable of which many may be paid at once, in one transaction."""

    def describe_all(self, payable_ids: Sequence[int]) -> list[tuple[Any, PayableInfo]]:
        """The things, locked, in the order asked, and what is to be paid for each."""
        ...

    def on_all_captured(self, *, locked: Sequence[Any], payments: Sequence["Payment"]) -> None:
        """Money is here for all of them, at the moments of the payments. Raises NotPayable: then none of it is taken."""
        ...


_payables: dict[str, Payable] = {}


def register_payable(payable: Payable) -> None:
    known = _payables.setdefault(payable.kind, payable)
    if type(known) is not type(payable):
        raise ValueError(f"two payables are called {payable.kind}")


def payable_of(kind: str) -> Payable:
    """Raises KeyError: an unknown kind is a mistake in the program, not of a person."""
    return _payables[kind]
