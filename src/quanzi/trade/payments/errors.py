"""Why a payment or a refund may be refused."""

from quanzi.kernel.errors import DomainError, InvalidInput, NotFound
from quanzi.kernel.words import N_


class NoSuchPayment(NotFound):
    code = "payment_not_found"
    message = N_("This payment does not exist.")


class NoSuchProvider(InvalidInput):
    code = "payment_no_such_provider"
    message = N_("This way to pay is not offered here.")


class NotPayable(DomainError):
    code = "payment_not_payable"
    message = N_("This can no longer be paid for. Nothing was charged.")


class KeyReused(DomainError):
    code = "payment_key_reused"
    message = N_("This request was already made with other content.")


class ProviderRefused(DomainError):
    code = "payment_provider_refused"
    message = N_("The payment service refused this payment. Nothing was charged; please choose another way to pay.")


class ProviderSilent(DomainError):
    code = "payment_provider_silent"
    message = N_("The payment service does not answer right now. Nothing was charged; please try again in a minute.")
    status = 503


class WrongAmount(DomainError):
    code = "payment_wrong_amount"
    message = N_("The payment service reports another amount than was asked for. We are looking into it.")


class NotCaptured(DomainError):
    code = "payment_not_captured"
    message = N_("Only a received payment can be refunded.")


class RefundTooLarge(InvalidInput):
    code = "refund_too_large"
    message = N_("At most {left} can still be refunded from this payment.")


class RefundNotPositive(InvalidInput):
    code = "refund_not_positive"
    message = N_("A refund needs an amount above zero.")


class TooManyRefunds(DomainError):
    code = "refund_too_many"
    message = N_("The payment service allows at most {most} refunds for one payment.")


class RefundTooLate(DomainError):
    code = "refund_too_late"
    message = N_("The payment service refunds within {days} days of the payment only.")


class OnlyOffline(DomainError):
    code = "payment_only_offline"
    message = N_("Only a cash or bank payment is confirmed by hand.")


class NoOpenCase(NotFound):
    code = "payment_no_open_case"
    message = N_("This case is not open.")


class NotificationRefused(Exception):
    """A message that does not prove where it comes from. Not for people: it becomes an HTTP status."""

    def __init__(self, reason: str, status: int = 401) -> None:
        self.reason, self.status = reason, status
        super().__init__(reason)


class NoSuchRefund(NotFound):
    code = "no_such_refund"
    message = N_("This refund does not exist.")


class PaidBackAlready(DomainError):
    code = "refund_paid_back"
    message = N_("This was paid back already: {reference}")


class ReferenceNeeded(InvalidInput):
    code = "refund_reference_needed"
    message = N_("Write down the reference of the transfer, or who took the cash; at most {most} characters.")


class NotRefused(DomainError):
    code = "refund_not_refused"
    message = N_("Only a refund that the provider refused for good is sent again.")
