"""Refusals, in words that a person can act on."""

from quanzi.kernel.errors import DomainError, InvalidInput
from quanzi.kernel.words import N_


class CircleTooSmall(DomainError):
    code = "circle_too_small"
    message = N_("Circles are looked at from {least} people on; this one has {members}.")


class LookedLately(DomainError):
    code = "circle_looked_at_lately"
    message = N_("This circle was looked at less than an hour ago. Please come back later.")
    status = 429


class NothingToDecide(DomainError):
    code = "split_not_open"
    message = N_("This proposal is no longer open. Look at the page again.")


class SureNeeded(InvalidInput):
    code = "split_sure_needed"
    message = N_("Please read what will happen, and confirm once more.")


class PartNameNeeded(InvalidInput):
    code = "split_part_name_needed"
    message = N_("Each new circle needs a name of at most 40 characters, and no two the same.")


class NotOfThisPart(InvalidInput):
    code = "split_leader_not_of_this_part"
    message = N_("Only somebody of that part can lead it.")


class WindowOver(DomainError):
    code = "split_window_over"
    message = N_("The fourteen days are over; join and leave the circles at their doors.")


class NotPlaced(DomainError):
    code = "split_not_placed"
    message = N_("You were not in the circle when it was split; join the new circles at their doors.")
    status = 403
