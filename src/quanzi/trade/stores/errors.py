"""What stores refuse, worded so that a buyer or a shopkeeper can act."""

from quanzi.kernel.errors import DomainError, InvalidInput, NotFound
from quanzi.kernel.words import N_


class NoSuchStore(NotFound):
    code = "no_such_store"
    message = N_("This store does not exist or is no longer here.")


class StoreTaken(DomainError):
    code = "store_taken"
    message = N_("This pickup point is a store already.")


class StoreShut(DomainError):
    code = "store_shut"
    message = N_("This store takes no orders at the moment.")


class NotOnShelf(DomainError):
    code = "not_on_shelf"
    message = N_("“{title}”: the store has {left} left. Take fewer, or have it sent.")


class NoSuchPayLink(NotFound):
    code = "no_such_pay_link"
    message = N_("This link does not exist or is no longer here.")


class LinkOver(DomainError):
    code = "pay_link_over"
    message = N_("This link is over. Ask for a new one; nothing was taken from you.")


class LinkUsedUp(DomainError):
    code = "pay_link_used_up"
    message = N_("This link has been used as often as it may be. Ask for a new one.")


class NotYourLink(NotFound):
    code = "not_your_pay_link"
    message = N_("This link does not exist or is no longer here.")


class NotThroughLink(DomainError):
    code = "not_through_link"
    message = N_("This order is placed at the store or through its link only.")


class LinkChoice(InvalidInput):
    code = "pay_link_goods_or_amount"
    message = N_("Choose goods, or give an amount with a few words about what it is for.")


class BadAmount(InvalidInput):
    code = "bad_pay_amount"
    message = N_("The amount must be from 0.01 to 50,000.")


class BadUses(InvalidInput):
    code = "bad_uses"
    message = N_("A link can be used from 1 to 999 times.")


class BadHours(InvalidInput):
    code = "bad_hours"
    message = N_("A link lives from an hour to 90 days.")


class AskedAlready(DomainError):
    code = "amount_asked_already"
    message = N_("The store is looking at an amount of yours. Wait for its answer first.")


class NoAmounts(DomainError):
    code = "store_takes_no_amounts"
    message = N_("This store does not take typed amounts. Choose goods, or ask at the counter.")


class BadEventTimes(InvalidInput):
    code = "bad_event_times"
    message = N_("An event ends after it begins, and has not passed.")


class BadShelfCount(InvalidInput):
    code = "bad_shelf_count"
    message = N_("Count whole numbers from 0 to 9,999.")


class KeyReused(DomainError):
    code = "pay_link_key_reused"
    message = N_("This was sent before with another content. Please look at the list and try once more.")
