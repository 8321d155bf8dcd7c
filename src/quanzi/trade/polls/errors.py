"""What asking friends refuses, worded so that a member can act."""

from quanzi.kernel.errors import DomainError, InvalidInput, NotFound
from quanzi.kernel.words import N_


class NoSuchPoll(NotFound):
    code = "no_such_poll"
    message = N_("This question does not exist or is not for you.")


class PollOver(DomainError):
    code = "poll_over"
    message = N_("This question has ended; price and goods are not held any more.")


class BadGoods(InvalidInput):
    code = "poll_goods"
    message = N_("Ask about one to {most} different things that are on sale.")


class BadPeople(InvalidInput):
    code = "poll_people"
    message = N_("Choose one to {most} people.")


class CannotBeAsked(InvalidInput):
    code = "cannot_be_asked"
    message = N_("Somebody you chose cannot be asked right now. Choose again; nothing was sent.")


class TooManyOpen(DomainError):
    code = "too_many_polls"
    message = N_("You have {most} open questions. Decide one of them first; goods are held for each.")


class HeldLately(InvalidInput):
    code = "held_lately"
    message = N_("You have asked about {name} within a week already, and it was held for you then.")


class BadAnswer(InvalidInput):
    code = "poll_answer"
    message = N_("Say which one, or none.")


class WordsTooLong(InvalidInput):
    code = "poll_words"
    message = N_("Keep it to {most} characters.")


class BoughtAlready(DomainError):
    code = "poll_bought"
    message = N_("You have ordered this one already.")


class NotOver(DomainError):
    code = "poll_not_over"
    message = N_("What came of it is told once.")


class NotKeptToTell(InvalidInput):
    code = "poll_not_kept"
    message = N_("Others can read it as your experience only of goods that you kept and have not told about yet.")


class WordsToTell(InvalidInput):
    code = "poll_words_to_tell"
    message = N_("Say a few words that others can read.")
