"""Refusals of the room."""

from quanzi.kernel.errors import DomainError, InvalidInput
from quanzi.kernel.words import N_


class WordsNeeded(InvalidInput):
    code = "need_words_needed"
    message = N_("Say in two to twenty characters what you would like to find here.")


class ReasonNeeded(InvalidInput):
    code = "need_reason_needed"
    message = N_("Please say why, in at most 200 characters; whoever wants it reads it.")


class NoSuchGoods(InvalidInput):
    code = "need_no_such_goods"
    message = N_("Choose goods that are on sale, or a preorder that is open.")


class NeedAnswered(DomainError):
    code = "need_answered"
    message = N_("It says this already.")


class TooManyNeeds(DomainError):
    code = "needs_too_many"
    message = N_("You stand behind {most} needs already. Take one back first.")
