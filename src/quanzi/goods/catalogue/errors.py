"""What the catalogue refuses, worded so that a shopkeeper can act."""

from quanzi.kernel.errors import DomainError, InvalidInput, NotFound
from quanzi.kernel.words import N_


class Missing(InvalidInput):
    code = "missing"
    message = N_("Please fill this in.")


class TooLong(InvalidInput):
    code = "too_long"
    message = N_("At most {most} characters, please.")


class BadSlug(InvalidInput):
    code = "bad_slug"
    message = N_("Use only small letters, digits and dashes for the address.")


class GoodsFilmNeedsWords(InvalidInput):
    code = "goods_film_needs_words"
    message = N_("Write down what is said in the film, for people who cannot hear it, or tick that nothing is said.")


class FilmWordsTooLong(InvalidInput):
    code = "film_words_too_long"
    message = N_("At most {most} characters, please.")


class FilmElsewhere(InvalidInput):
    code = "film_elsewhere"
    message = N_("This film stands somewhere else already. Send it again for these goods.")


class SlugTaken(InvalidInput):
    code = "slug_taken"
    message = N_("This address is already used: {slug}")


class CodeTaken(InvalidInput):
    code = "code_taken"
    message = N_("This code is already used: {value}")


class BadPrice(InvalidInput):
    code = "bad_price"
    message = N_("A price is not below zero, and not that large.")


class BadChoice(InvalidInput):
    code = "bad_choice"
    message = N_("Please choose one of the options given.")


class BadNumber(InvalidInput):
    code = "bad_number"
    message = N_("Write a whole number from {least} to {most}.")


class BadOptions(InvalidInput):
    code = "bad_options"
    message = N_("Options are pairs of short texts, such as size and 5 kg.")


class TooFewReturnDays(InvalidInput):
    code = "too_few_return_days"
    message = N_("Seven-day returns need at least seven days.")


class LastVariant(DomainError):
    code = "last_variant"
    message = N_("This is the last variant on sale. Pause the product, or add another variant first.")


class NothingToSell(DomainError):
    code = "nothing_to_sell"
    message = N_("Add at least one active variant before putting the product on sale.")


class UnknownProduct(NotFound):
    code = "unknown_product"
    message = N_("This product does not exist or is not on sale any more.")


class UnknownMaker(NotFound):
    code = "unknown_maker"
    message = N_("This maker does not exist.")


class LotEndsBeforeItBegins(InvalidInput):
    code = "lot_ends_before_it_begins"
    message = N_("A lot expires after the day it was made.")
