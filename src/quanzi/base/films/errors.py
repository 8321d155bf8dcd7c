"""Why a film is not taken, or could not be prepared; in words that help."""

from quanzi.kernel.errors import DomainError, InvalidInput
from quanzi.kernel.words import N_


class FilmError(InvalidInput):
    """Any reason why a film is not kept."""

    code = "film_refused"
    message = N_("This film cannot be used.")


class FilmTooLarge(FilmError):
    code = "film_too_large"
    message = N_("This film is larger than {limit_mb} MB. Cut it shorter, or film it at 1080p.")


class FilmTooLong(FilmError):
    code = "film_too_long"
    message = N_("This film is longer than {seconds} seconds. Cut it in your phone's album and send it again.")


class FilmTooManyPixels(FilmError):
    code = "film_too_many_pixels"
    message = N_("This film has larger pictures than 4K. Film it at 1080p and send it again.")


class NotAFilm(FilmError):
    code = "not_a_film"
    message = N_("This file is not a film we can read, or it is broken. Please choose an MP4, MOV or WebM file.")


class FilmTooHeavy(FilmError):
    code = "film_too_heavy"
    message = N_("This film could not be prepared with the means of this shop. Film it at 1080p and send it again.")


class FilmLost(FilmError):
    code = "film_lost"
    message = N_("The film was lost on its way. Please send it again; what you wrote is kept.")


class TooManyFilms(DomainError):
    code = "too_many_films"
    message = N_("You sent many films today. Please go on tomorrow; what you wrote is kept.")
    status = 429


class WrongPlace(DomainError):
    """received: bytes that are here; the sender goes on from there."""

    code = "film_part_misplaced"
    message = N_("{received} bytes of this film are here. Go on from there.")


FAULTS: dict[str, type[FilmError]] = {
    one.code: one for one in (FilmTooLarge, FilmTooLong, FilmTooManyPixels, NotAFilm, FilmTooHeavy, FilmLost)
}
"""By the code that a film that failed carries."""
