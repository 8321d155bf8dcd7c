"""Accepting and removing pictures."""

import hashlib
import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from quanzi.base.media import files, rules
from quanzi.base.media.models import Picture


@dataclass(frozen=True)
class Prepared:
    """An upload decoded and encoded again, not stored yet. files: bytes by width."""

    sha256: str
    width: int
    height: int
    purpose: str
    files: dict[int, bytes]


def prepare(*, data: bytes, purpose: str) -> Prepared:
    """Decode an upload and encode it as WebP in a few sizes without metadata; neither disk nor database is touched.

    purpose: "avatar" adds a small square. Raises TooLarge, TooManyPixels, NotAPicture. Safe in a thread of its own,
    which pays where many pictures arrive at once: the codec works beside everything else.
    """
    picture = rules.read(data)
    encoded = {width: rules.encode(picture, width) for width in rules.widths(picture.width)}
    if purpose == rules.AVATAR:
        encoded |= {rules.AVATAR_SIZE: rules.encode_avatar(picture)}
    return Prepared(hashlib.sha256(data).hexdigest(), picture.width, picture.height, purpose, encoded)


def store_picture(*, data: bytes, purpose: str, owner_id: int | None, alt: str, now: datetime) -> Picture:
    """Prepare an upload and keep it; see `prepare` and `keep_picture`."""
    return keep_picture(prepared=prepare(data=data, purpose=purpose), owner_id=owner_id, alt=alt, now=now)


def keep_picture(*, prepared: Prepared, owner_id: int | None, alt: str, now: datetime) -> Picture:
    """Write the files and record the picture.

    The files are written before the row; when the row is rolled back they lie unused, never the other way round.
    """
    for width, encoded in prepared.files.items():
        files.write(prepared.sha256, width, encoded)
    return Picture.objects.create(
        owner_id=owner_id,
        sha256=prepared.sha256,
        width=prepared.width,
        height=prepared.height,
        bytes=len(prepared.files[prepared.width]),
        alt=alt.strip()[:300],
        purpose=prepared.purpose,
        created_at=now,
    )


def remove_picture(*, picture_id: int) -> None:
    """Delete a picture; its files go after the commit, unless another row shows the same upload."""
    remove_pictures(picture_ids=[picture_id])


@transaction.atomic
def remove_pictures(*, picture_ids: Collection[int]) -> int:
    """`remove_picture` for many; returns how many there were."""
    found = list(Picture.objects.filter(pk__in=picture_ids))
    Picture.objects.filter(pk__in=[picture.pk for picture in found]).delete()
    transaction.on_commit(partial(_remove_unused_files, sorted({picture.sha256 for picture in found})))
    return len(found)


def _remove_unused_files(hashes: Collection[str]) -> None:
    used = set(Picture.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))
    for sha256 in hashes:
        if sha256 not in used:
            files.remove(sha256)


FRESH = timedelta(days=1)
"""Files are written before their row; for so long they may be without one."""


def sweep(*, now: datetime, at_once: bool = False) -> int:
    """Delete files that no picture knows, as a death after a commit leaves them; returns how many pictures those were.

    at_once: also files of today, where nobody uploads meanwhile.
    """
    old = files.written_before(math.inf if at_once else (now - FRESH).timestamp())
    known = set(Picture.objects.filter(sha256__in=old).values_list("sha256", flat=True))
    for sha256 in old - known:
        files.remove(sha256)
    return len(old - known)
