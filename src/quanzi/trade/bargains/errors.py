"""What bargains refuse, worded so that a member can act."""

from quanzi.kernel.errors import DomainError, InvalidInput, NotFound
from quanzi.kernel.words import N_


class NoSuchBargain(NotFound):
    code = "no_such_bargain"
    message = N_("This wish does not exist or is no longer here.")


class NotOnOffer(InvalidInput):
    code = "bargain_goods"
    message = N_("These goods are not on sale.")


class WishTooHigh(InvalidInput):
    code = "wish_too_high"
    message = N_("Wish for a price below {price}.")


class BadVoice(InvalidInput):
    code = "bad_voice"
    message = N_("This must be from {least} to {most}.")


class AskedAlready(DomainError):
    code = "asked_already"
    message = N_("You have asked for these goods already; the shop has not answered yet.")


class BargainOver(DomainError):
    code = "bargain_over"
    message = N_("This wish gathers nobody any more.")


class AnsweredAlready(DomainError):
    code = "bargain_answered"
    message = N_("This wish was answered already.")


class AnswerNeeded(InvalidInput):
    code = "bargain_answer_needed"
    message = N_("Say why, in at most {most} characters: everybody who asked reads it.")
