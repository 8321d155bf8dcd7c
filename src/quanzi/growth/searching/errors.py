"""Refusals of the room."""

from quanzi.kernel.errors import DomainError, InvalidInput
from quanzi.kernel.words import N_


class WordNeeded(InvalidInput):
    code = "search_word_needed"
    message = N_("One to eight words of at most twenty characters, with commas between them.")


class WordKnown(InvalidInput):
    code = "search_word_known"
    message = N_("“{word}” stands in another line already.")


class TooManyLines(DomainError):
    code = "search_too_many_lines"
    message = N_("There are {most} lines already. Take one away first.")
