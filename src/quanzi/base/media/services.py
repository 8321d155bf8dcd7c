"""Accepting and removing pictures."""

import hashlib
from datetime import datetime
from functools import partial

from django.db import transaction

from quanzi.base.media import files, rules
from quanzi.base.media.models import Picture


def store_picture(*, data: bytes, purpose: str, owner_id: int | None, alt: str, now: datetime) -> Picture:
    """Decode an upload, keep it as WebP in a few sizes without metadata, and record it.

    purpose: "avatar" adds a small square. Raises TooLarge, TooManyPixels, NotAPicture. The files are
    written before the row; when the row is rolled back they lie unused, never the other way round.
    """
    picture = rules.read(data)
    sha256 = hashlib.sha256(data).hexdigest()
    size = 0
    for width in rules.widths(picture.width):
        encoded = rules.encode(picture, width)
        files.write(sha256, width, encoded)
        size = len(encoded)
    if purpose == rules.AVATAR:
        files.write(sha256, rules.AVATAR_SIZE, rules.encode_avatar(picture))
    return Picture.objects.create(
        owner_id=owner_id,
        sha256=sha256,
        width=picture.width,
        height=picture.height,
        bytes=size,
        alt=alt.strip()[:300],
        purpose=purpose,
        created_at=now,
    )


@transaction.atomic
def remove_picture(*, picture_id: int) -> None:
    """Delete a picture; its files go after the commit, unless another row shows the same upload."""
    picture = Picture.objects.filter(pk=picture_id).first()
    if picture is None:
        return
    sha256 = picture.sha256
    picture.delete()
    transaction.on_commit(partial(_remove_unused_files, sha256))


def _remove_unused_files(sha256: str) -> None:
    if not Picture.objects.filter(sha256=sha256).exists():
        files.remove(sha256)
