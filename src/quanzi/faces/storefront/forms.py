"""Small help for plain HTML forms: uploaded pictures, and refusals beside their fields."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from quanzi.base.films import errors as film_errors
from quanzi.base.films import services as films
from quanzi.base.films.models import Film
from quanzi.base.media.errors import MediaError
from quanzi.base.media.models import Picture
from quanzi.base.media.services import store_picture
from quanzi.community.posts.errors import TooManyPictures
from quanzi.community.posts.filming import Filmed
from quanzi.faces.ui.environment import problem
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.people.accounts.models import Member


def problems(refusal: DomainError | None) -> dict[str, str]:
    """Words for each field that a refusal names, in the reader's language; under "" when it names none."""
    if refusal is None:
        return {}
    fields = {name: problem(error) for name, error in refusal.fields.items()}
    return fields or {"": problem(refusal)}


FILM_FIELDS = ("film_code", "film_words", "film_silent")


def film_limits() -> dict[str, Any]:
    """What a film may be, and the words for one that is more."""
    mb, seconds = settings.QUANZI_FILM_MB, settings.QUANZI_FILM_SECONDS
    return {
        "mb": mb, "seconds": seconds,
        "too_large": problem(film_errors.FilmTooLarge(limit_mb=mb)), "too_long": problem(film_errors.FilmTooLong(seconds=seconds)),
    }  # fmt: skip


def film_of(request: HttpRequest, *, owner: Member, now: datetime) -> Filmed | None:
    """The film of a form: sent ahead in parts, or with the form itself where no script ran. None without one.

    Raises what taking a film raises, and NotFound for a code that is not the owner's.
    """
    sent, file = request.POST, request.FILES.get("film")
    if code := sent.get("film_code", ""):
        found = Film.objects.filter(code=code[:32], owner_id=owner.pk).first()
        if found is None:
            raise NotFound
    elif file is not None and file.size:
        found = films.begin(owner_id=owner.pk, key=uuid.uuid4().hex, size=file.size, now=now)
        for part in file.chunks(films.PART_BYTES):
            found = films.receive(film_id=found.pk, offset=found.received, data=part, now=now)
    else:
        return None
    return Filmed(found, sent.get("film_words", "")[:20_000], sent.get("film_silent") == "on")


def pictures_of(
    request: HttpRequest, field: str, *, owner: Member, purpose: str, most: int = 9, now: datetime
) -> list[Picture]:
    """Store the pictures of an upload field; an empty field gives none. Raises what the media room raises, and TooManyPictures."""
    files = [file for file in request.FILES.getlist(field) if file.size]
    if len(files) > most:
        raise TooManyPictures(field=field, limit=most)
    try:
        return [store_picture(data=file.read(), purpose=purpose, owner_id=owner.pk, alt="", now=now) for file in files]
    except MediaError as refused:
        refused.fields = {field: refused}  # the page shows it beside the field that sent it
        raise
