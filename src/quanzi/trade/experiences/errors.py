"""Why an experience cannot be written yet, in words that a person can act on."""

from quanzi.kernel.errors import DomainError, InvalidInput
from quanzi.kernel.words import N_


class NotKeptYet(DomainError):
    code = "not_kept_yet"
    message = N_("You can write about this once you have received it and said that you keep it.")


class WrittenAlready(DomainError):
    code = "experience_written_already"
    message = N_("You have written about this purchase already. You can edit what you wrote.")


class StarsOutOfRange(InvalidInput):
    code = "stars_out_of_range"
    message = N_("Please give one to five stars, or none.")
