"""What the room refuses."""

from quanzi.kernel.errors import DomainError, InvalidInput, NotFound
from quanzi.kernel.words import N_


class NotOneself(DomainError):
    code = "tie_to_oneself"
    message = N_("You cannot be tied to yourself.")


class PersonNotFound(NotFound):
    code = "person_not_found"
    message = N_("This person is not here.")


class UnknownKind(InvalidInput):
    code = "unknown_tie_kind"
    message = N_("Please choose friend or family.")


class LabelTooLong(InvalidInput):
    code = "label_too_long"
    message = N_("Please keep this within {limit} characters.")


class AlreadyTied(DomainError):
    code = "already_tied"
    message = N_("You are tied in this way already.")


class TooManyRequests(DomainError):
    code = "too_many_tie_requests"
    message = N_("{limit} people have not answered you yet. Please wait for some of them first.")
    status = 429


class RequestNotFound(NotFound):
    code = "tie_request_not_found"
    message = N_("This request is no longer open.")


class TieNotFound(NotFound):
    code = "tie_not_found"
    message = N_("There is no tie between you.")
