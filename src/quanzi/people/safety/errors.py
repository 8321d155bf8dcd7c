"""What the room refuses."""

from quanzi.kernel.errors import DomainError, InvalidInput, NotFound
from quanzi.kernel.words import N_


class NotOneself(DomainError):
    code = "not_oneself"
    message = N_("You cannot do this to yourself.")


class UnknownReason(InvalidInput):
    code = "unknown_reason"
    message = N_("Please choose why you report this.")


class NoteTooLong(InvalidInput):
    code = "note_too_long"
    message = N_("Please keep this within {limit} characters.")


class UnknownSubject(InvalidInput):
    code = "unknown_subject"
    message = N_("This cannot be reported.")


class ReportNotFound(NotFound):
    code = "report_not_found"
    message = N_("This report does not exist.")


class AlreadyDecided(DomainError):
    code = "already_decided"
    message = N_("This report was decided already.")


class UnknownDecision(InvalidInput):
    code = "unknown_decision"
    message = N_("Please choose a decision.")
