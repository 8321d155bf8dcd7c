"""Refusals of the room."""

from quanzi.kernel.errors import DomainError, InvalidInput
from quanzi.kernel.words import N_


class NameNeeded(InvalidInput):
    code = "spread_name_needed"
    message = N_("Please name this plan, at most 80 characters.")


class BadSamples(InvalidInput):
    code = "spread_bad_samples"
    message = N_("Between 1 and 500 samples, please.")


class NoSuchGoods(InvalidInput):
    code = "spread_no_such_goods"
    message = N_("Choose goods that are on sale.")


class BeyondBudget(InvalidInput):
    code = "spread_beyond_budget"
    message = N_("So many samples cost more than the budget. Fewer samples, or a larger budget?")


class BadEnd(InvalidInput):
    code = "spread_bad_end"
    message = N_("Arrivals can be counted for 7 to 180 days.")


class NotReady(DomainError):
    code = "spread_not_ready"
    message = N_("The choice is not ready yet, or this plan is closed.")


class NobodyLeft(DomainError):
    code = "spread_nobody_left"
    message = N_("Nobody is left to ask: all samples are promised, or whoever was chosen said no or was asked lately.")


class NotAsked(DomainError):
    code = "spread_not_asked"
    message = N_("This question is no longer open.")


class NotWilling(DomainError):
    code = "spread_not_willing"
    message = N_("This member does not want to be asked, or was asked not long ago.")


class NothingToSend(DomainError):
    code = "spread_nothing_to_send"
    message = N_("This member has not said yes, or has the sample already.")
