"""Small help for plain HTML forms: uploaded pictures, and refusals beside their fields."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from quanzi.base.media.errors import MediaError
from quanzi.base.media.models import Picture
from quanzi.base.media.services import store_picture
from quanzi.community.posts.errors import TooManyPictures
from quanzi.faces.ui.environment import problem
from quanzi.kernel.errors import DomainError
from quanzi.people.accounts.models import Member


def problems(refusal: DomainError | None) -> dict[str, str]:
    """Words for each field that a refusal names, in the reader's language; under "" when it names none."""
    if refusal is None:
        return {}
    fields = {name: problem(error) for name, error in refusal.fields.items()}
    return fields or {"": problem(refusal)}


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
