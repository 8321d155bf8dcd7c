"""What the room refuses."""

from __future__ import annotations

from quanzi.kernel.errors import DomainError, InvalidInput, NotFound
from quanzi.kernel.words import N_


class NoSuchPayout(NotFound):
    code = "no_such_payout"
    message = N_("This payout does not exist.")


class NoSuchRule(NotFound):
    code = "no_such_commission_rule"
    message = N_("This rule does not exist.")


class RuleRuns(DomainError):
    code = "commission_rule_runs"
    message = N_("A rule for this level stands already. End it before you write another.")


class RatesTooHigh(InvalidInput):
    code = "commission_rates_too_high"
    message = N_("All levels together may take at most {most} %.")


class RuleNameNeeded(InvalidInput):
    code = "commission_rule_name_needed"
    message = N_("Please give it a name of 1 to {most} characters.")


class BadRate(InvalidInput):
    code = "commission_bad_rate"
    message = N_("Please enter a rate above 0 and at most {most} %, with at most two decimals.")


class BadDepth(InvalidInput):
    code = "commission_bad_depth"
    message = N_("There are two levels: who invited the buyer, and who invited that person.")


class SignatureNeeded(InvalidInput):
    code = "commission_signature_needed"
    message = N_("A second level needs your signature.")


class EndsTooEarly(InvalidInput):
    code = "commission_ends_too_early"
    message = N_("It cannot end before it begins.")


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
