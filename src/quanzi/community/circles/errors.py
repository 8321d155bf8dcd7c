"""Refusals at the door of a circle, in words that a person can act on."""

from quanzi.kernel.errors import DomainError, InvalidInput
from quanzi.kernel.words import N_


class CircleClosed(DomainError):
    code = "circle_closed"
    message = N_("This circle has closed; its posts can still be read.")


class AnswerNeeded(InvalidInput):
    code = "answer_needed"
    message = N_("This circle asks a question before it lets people in. Please answer it.")


class NotInvited(DomainError):
    code = "not_invited"
    message = N_("This circle takes people by invitation. Ask somebody in it for a link.")
    status = 403


class LinkExpired(DomainError):
    code = "join_link_expired"
    message = N_("This invitation has expired or was withdrawn. Ask the person who sent it for a new one.")
    status = 410


class LinkUsedUp(DomainError):
    code = "join_link_used_up"
    message = N_("This invitation has been used as often as it may. Ask the person who sent it for a new one.")
    status = 410


class RemovedBefore(DomainError):
    code = "removed_before"
    message = N_("You were taken out of this circle: {reason} Write to a moderator if you want to come back.")
    status = 403


class NotAMember(DomainError):
    code = "not_a_member"
    message = N_("Only members of this circle can do this. Join it first.")
    status = 403


class FounderStays(DomainError):
    code = "founder_stays"
    message = N_("The founder cannot leave. Make somebody else the founder first.")


class AlreadyAnswered(DomainError):
    code = "request_already_answered"
    message = N_("Somebody has answered this request already.")


class ReasonNeeded(InvalidInput):
    code = "reason_needed"
    message = N_("Please give a reason; the person will read it.")


class NameImitates(InvalidInput):
    code = "circle_name_imitates"
    message = N_(
        "This looks like the name of another circle or of the shop. Please add a place or a word that tells them apart."
    )


class NameTaken(InvalidInput):
    code = "circle_name_taken"
    message = N_("A circle with this address exists already. Please choose another name.")


class NameNeeded(InvalidInput):
    code = "circle_name_needed"
    message = N_("A circle needs a name of at most 40 characters.")


class QuestionNeeded(InvalidInput):
    code = "circle_question_needed"
    message = N_("Please write the question that newcomers will answer.")


class DoorStaysClosed(InvalidInput):
    code = "circle_door_stays_closed"
    message = N_(
        "People have written here for its members only, so this circle cannot be opened to everybody. Found an open one beside it."
    )
