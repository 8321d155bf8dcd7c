"""Refusals around writing, in words that a person can act on."""

from quanzi.kernel.errors import DomainError, InvalidInput
from quanzi.kernel.words import N_


class TitleNeeded(InvalidInput):
    code = "title_needed"
    message = N_("Please write one sentence as a title, at most 60 characters.")


class BodyTooLong(InvalidInput):
    code = "body_too_long"
    message = N_("This text is too long: at most {limit} characters, yours has {length}.")


class CommentNeeded(InvalidInput):
    code = "comment_needed"
    message = N_("Please write something, at most 1000 characters.")


class TooManyPictures(InvalidInput):
    code = "too_many_pictures"
    message = N_("A post holds at most {limit} pictures.")


class FilmNeedsWords(InvalidInput):
    code = "film_needs_words"
    message = N_("Write down what is said in the film, for people who cannot hear it, or tick that nothing is said.")


class FilmTaken(InvalidInput):
    code = "film_taken"
    message = N_("This film stands in a post already.")


class TooManyProducts(InvalidInput):
    code = "too_many_products"
    message = N_("A post names at most {limit} products.")


class JoinFirst(DomainError):
    code = "join_first"
    message = N_("Only members of this circle write in it. Join it first.")
    status = 403


class ExperienceNeedsKeptGoods(DomainError):
    code = "experience_needs_kept_goods"
    message = N_("An experience is written from an order whose goods you kept. Open the order to write it.")
    status = 422


class NotAQuestion(DomainError):
    code = "not_a_question"
    message = N_("Only a question has an accepted answer.")


class TooFast(DomainError):
    code = "writing_too_fast"
    message = N_("You wrote a lot in the last minutes. Please wait a little and try again.")
    status = 429
