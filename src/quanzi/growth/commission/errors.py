"""What the room refuses."""

from __future__ import annotations

from quanzi.kernel.errors import DomainError, InvalidInput, NotFound
from quanzi.kernel.words import N_


class NoSuchPayout(NotFound):
    code = "no_such_payout"
    message = N_("This payout does not exist.")


class NothingToPay(DomainError):
    code = "nothing_to_pay"
    message = N_("Nothing is payable to this person now.")


class PayoutOpen(DomainError):
    code = "payout_open"
    message = N_("A payout to this person is open already. Send it, or drop it, first.")


class NoPayoutAccount(DomainError):
    code = "no_payout_account"
    message = N_("This person has not said yet where their commission should go.")


class AccountTooNew(DomainError):
    code = "payout_account_too_new"
    message = N_("The payout account changed less than {hours} hours ago. Money follows it after that.")


class AccountChanged(DomainError):
    code = "payout_account_changed"
    message = N_("The payout account has changed since. Drop this payout and make it again.")


class StatementChanged(DomainError):
    code = "payout_statement_changed"
    message = N_("Goods went back since this payout was made. Drop it and make it again.")


class PayoutKeyReused(DomainError):
    code = "payout_key_reused"
    message = N_("This payout was sent before for somebody else. Reload the page.")


class ReferenceNeeded(InvalidInput):
    code = "payout_reference_needed"
    message = N_("Please enter the reference of the transfer, in 1 to {most} characters.")


class PayoutReasonNeeded(InvalidInput):
    code = "payout_reason_needed"
    message = N_("Please say why, in 1 to {most} characters.")


class HolderNeeded(InvalidInput):
    code = "payout_holder_needed"
    message = N_("Please enter the name of the account's holder, in 1 to {most} characters.")


class BadAccount(InvalidInput):
    code = "payout_account_unreadable"
    message = N_("A bank account has 8 to 34 letters and digits; an Alipay or WeChat name 3 to 64 characters.")


class BadMethod(InvalidInput):
    code = "payout_method_unknown"
    message = N_("Please choose one of the offered ways.")
