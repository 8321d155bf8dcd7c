"""What chains refuse, worded so that a member can act."""

from quanzi.kernel.errors import DomainError, InvalidInput, NotAllowed, NotFound
from quanzi.kernel.words import N_


class NoSuchChain(NotFound):
    code = "no_such_chain"
    message = N_("This sign-up chain does not exist, or it is not for you.")


class MayNotOpen(NotAllowed):
    code = "may_not_open_chain"
    message = N_("A sign-up chain is opened by who keeps the circle, or by a leader who is in it.")


class NotOfTheChain(NotAllowed):
    code = "not_keeper_of_chain"
    message = N_("Only who opened this chain, or keeps the circle, may do that.")


class PriceIsSet(NotAllowed):
    code = "price_is_the_shops"
    message = N_("The price is set by the shop; a chain of yours takes the list price.")


class ChainClosed(DomainError):
    code = "chain_closed"
    message = N_("This chain takes nobody in any more.")


class NotInChain(InvalidInput):
    code = "not_in_chain"
    message = N_("These goods are not in this chain.")


class NotSignedUp(NotFound):
    code = "not_signed_up"
    message = N_("You are not in this list.")


class PaidAlready(DomainError):
    code = "sign_up_paid"
    message = N_("You have paid. Leave the list first, your money comes back whole, and sign up again.")


class TooLateToLeave(DomainError):
    code = "too_late_to_leave"
    message = N_("The chain is closed and your goods are being prepared. Ask for a refund on the order’s page.")


class BadChainTime(InvalidInput):
    code = "bad_chain_time"
    message = N_("A chain closes later than now, and within {days} days.")


class NothingInChain(InvalidInput):
    code = "nothing_in_chain"
    message = N_("Choose from 1 to {most} kinds of goods.")


class BadPayHours(InvalidInput):
    code = "bad_pay_hours"
    message = N_("This must be from {least} to {most}.")


class TitleNeeded(InvalidInput):
    code = "chain_title_needed"
    message = N_("Give the chain a title of at most {most} characters.")


class RemindedBefore(DomainError):
    code = "chain_reminded"
    message = N_("Everybody was reminded once; that is enough.")
