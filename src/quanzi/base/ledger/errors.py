"""Why the books may refuse."""

from quanzi.kernel.errors import DomainError, InvalidInput, NotFound
from quanzi.kernel.words import N_


class KeyReused(DomainError):
    code = "ledger_key_reused"
    message = N_("This request was already booked with other amounts.")


class Unbalanced(InvalidInput):
    code = "ledger_unbalanced"
    message = N_("The amounts of a booking must cancel out and name at least two lines.")


class UnknownAccount(InvalidInput):
    code = "ledger_unknown_account"
    message = N_("There is no account called {account}.")


class WrongCurrency(InvalidInput):
    code = "ledger_wrong_currency"
    message = N_("The account {account} is kept in another currency.")


class AlreadyReversed(DomainError):
    code = "ledger_already_reversed"
    message = N_("This booking was already reversed.")


class NoSuchTransaction(NotFound):
    code = "ledger_no_such_transaction"
    message = N_("This booking does not exist.")
