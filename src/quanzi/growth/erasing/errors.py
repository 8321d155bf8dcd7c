"""What erasing refuses, worded so that a person can act."""

from collections.abc import Sequence

from quanzi.growth.erasing.openings import Opening
from quanzi.kernel.errors import DomainError, InvalidInput
from quanzi.kernel.words import N_


class StillOpen(DomainError):
    """openings: what has to end first."""

    code = "erasure_still_open"
    message = N_("Something is still open: {what}. When it is done, the account can be erased.")

    def __init__(self, *, openings: Sequence[Opening], what: str) -> None:
        self.openings = tuple(openings)
        super().__init__(what=what)


class StaffStays(DomainError):
    code = "erasure_of_staff"
    message = N_("People of the staff are not erased. An owner of the shop takes the role away first.")


class ReasonNeeded(InvalidInput):
    code = "erasure_reason_needed"
    message = N_("Write down how the member asked for it.")


class AskedAlready(DomainError):
    code = "erasure_asked_already"
    message = N_("This was asked for already, and will be done on {day}.")


class WordNeeded(InvalidInput):
    code = "erasure_word_needed"
    message = N_("Tick that you have read what goes and what stays.")
