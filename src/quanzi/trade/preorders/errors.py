"""What preorders refuse, worded so that a member or a merchant can act."""

from quanzi.kernel.errors import DomainError, InvalidInput, NotFound
from quanzi.kernel.words import N_


class NoSuchPreorder(NotFound):
    code = "no_such_preorder"
    message = N_("This preorder does not exist or is no longer here.")


class NoSuchPlace(NotFound):
    code = "no_such_place"
    message = N_("You have no such place in a preorder.")


class NotOfPreorder(InvalidInput):
    code = "not_of_preorder"
    message = N_("This kind is not part of the preorder. Choose another one.")


class PreorderClosed(DomainError):
    code = "preorder_closed"
    message = N_("This preorder takes no deposits now. Nothing was charged.")


class PreorderFull(DomainError):
    code = "preorder_full"
    message = N_("Only {left} can still be made, and {wanted} were asked for.")


class TooManyEach(InvalidInput):
    code = "preorder_too_many_each"
    message = N_("One person may take from 1 to {most} of this batch.")


class HasPlace(DomainError):
    code = "preorder_has_place"
    message = N_("You have a place in this preorder already.")


class BadTerms(InvalidInput):
    code = "bad_preorder_terms"
    message = N_("A batch needs a threshold from 1 to the most that can be made, and at most 99 for each person.")


class BadWindow(InvalidInput):
    code = "bad_preorder_window"
    message = N_("The window opens before it closes, and goods leave after it and after the days for the balance.")


class BadDeposit(InvalidInput):
    code = "bad_preorder_deposit"
    message = N_("Give a price that is not above the list price, and a deposit below it.")


class NoGoods(InvalidInput):
    code = "preorder_without_goods"
    message = N_("A preorder needs at least one kind of the product.")


class BelowThreshold(DomainError):
    code = "preorder_below_threshold"
    message = N_("{missing} more must be paid for before the batch can be made.")


class NotMade(DomainError):
    code = "preorder_not_made"
    message = N_("The batch is not decided yet, so this cannot be done.")


class BalanceNotAsked(DomainError):
    code = "balance_not_asked"
    message = N_("The balance cannot be paid now. The page of your place says when.")


class AskedAlready(DomainError):
    code = "balance_asked_already"
    message = N_("The balance was asked for already.")


class PaidInFull(DomainError):
    code = "place_paid_in_full"
    message = N_("You have paid in full. On the page of the order you can still call it off until it is prepared.")


class NotLater(InvalidInput):
    code = "date_not_later"
    message = N_("Only a later date is asked about. If it is earlier, tell it as news.")


class StillAsking(DomainError):
    code = "date_still_asked"
    message = N_("Everybody is still being asked about the last change. Wait until {at}.")


class NothingAsked(DomainError):
    code = "date_nothing_asked"
    message = N_("There is no question left for you here.")


class Ended(DomainError):
    code = "preorder_ended"
    message = N_("This preorder has ended.")
