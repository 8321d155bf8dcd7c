"""Where pictures lie on disk and under which address: <media>/<2 hex>/<sha256>-<width>.webp."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from django.conf import settings

from quanzi.base.media import rules

SHA256_DIGITS = 64


class Kept(Protocol):
    """A picture whose files lie here."""

    @property
    def sha256(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def purpose(self) -> str: ...


def name(sha256: str, width: int) -> str:
    return f"{sha256}-{width}.webp"


def path(sha256: str, width: int) -> Path:
    return Path(settings.MEDIA_ROOT) / sha256[:2] / name(sha256, width)


def address(sha256: str, width: int) -> str:
    return f"{settings.MEDIA_URL}{sha256[:2]}/{name(sha256, width)}"


def url_of(picture: Kept, wanted: int) -> str:
    """Address of the narrowest file at least `wanted` wide, or of the widest there is; small avatars are square."""
    if picture.purpose == rules.AVATAR and wanted <= rules.AVATAR_SIZE:
        return address(picture.sha256, rules.AVATAR_SIZE)
    return address(picture.sha256, rules.nearest(picture.width, wanted))


def write(sha256: str, width: int, data: bytes) -> None:
    """Put a file in place in one step, so that no reader ever sees half of it."""
    with in_one_step(path(sha256, width)) as draft:
        draft.write_bytes(data)


@contextmanager
def in_one_step(target: Path) -> Iterator[Path]:
    """A draft beside the target; it takes its place at the end, or goes when that is not reached."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".draft-")
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        draft.chmod(0o644)
        os.replace(draft, target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def remove(sha256: str) -> None:
    """Delete every size of a picture."""
    for one in (Path(settings.MEDIA_ROOT) / sha256[:2]).glob(f"{sha256}-*.webp"):
        one.unlink(missing_ok=True)


def written_before(moment: float) -> set[str]:
    """Hashes of the pictures that lie here, of which every file is older than a moment (Unix seconds)."""
    newest: dict[str, float] = {}
    for one in Path(settings.MEDIA_ROOT).glob("??/*-*.webp"):
        sha256 = one.name.partition("-")[0]
        if len(sha256) == SHA256_DIGITS:
            newest[sha256] = max(newest.get(sha256, 0.0), one.stat().st_mtime)
    return {sha256 for sha256, at in newest.items() if at < moment}
