"""Refusals of the room."""

from quanzi.kernel.errors import DomainError, InvalidInput
from quanzi.kernel.words import N_


class IntroTooLong(InvalidInput):
    code = "front_intro_too_long"
    message = N_("At most {limit} characters, please.")


class UnknownSection(InvalidInput):
    code = "front_unknown_section"
    message = N_("Choose from the sections that a page has.")


class NotToPin(InvalidInput):
    code = "front_not_to_pin"
    message = N_("Pin notes of your own page, goods on sale, or goods that you kept yourself.")


class NewsToSay(InvalidInput):
    code = "front_news_words"
    message = N_("Say in at most {limit} characters what is new.")


class NotToSend(InvalidInput):
    code = "front_not_to_send"
    message = N_("Add goods on sale, a note that everybody of your page may read, or a team that is open.")


class NewsTooOften(DomainError):
    code = "front_news_too_often"
    message = N_("{most} times within seven days is what people bear. Wait, or undo what has not gone yet.")


class GoneAlready(DomainError):
    code = "front_news_gone"
    message = N_("It has gone already.")


class TooManyPins(DomainError):
    code = "front_too_many_pins"
    message = N_("A page holds {most} pins. Take one off first.")
