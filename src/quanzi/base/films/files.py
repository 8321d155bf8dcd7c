"""Where films lie. What arrives lies apart, where nothing is served, exported or backed up from; what was made lies with the pictures."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from quanzi.base.media.files import in_one_step

_BLOCK = 64 * 1024


def arriving(code: str) -> Path:
    """What the sender sent so far."""
    return Path(settings.QUANZI_FILMS_ARRIVING) / code


def workshop(code: str) -> Path:
    """The folder in which a film is made."""
    return Path(settings.QUANZI_FILMS_ARRIVING) / f"{code}.made"


def path(code: str) -> Path:
    return Path(settings.MEDIA_ROOT) / code[:2] / f"{code}.mp4"


def write_at(code: str, offset: int, data: bytes) -> None:
    """Put a part in its place; what stood behind is cut off."""
    where = arriving(code)
    where.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(where, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+b") as file:
        file.seek(offset)
        file.write(data)
        file.truncate()


def place(code: str, made: Path) -> None:
    """Put a film in place in one step, so that no reader ever sees half of it."""
    with in_one_step(path(code)) as draft:
        shutil.copyfile(made, draft)


def remove_sent(code: str) -> None:
    arriving(code).unlink(missing_ok=True)
    shutil.rmtree(workshop(code), ignore_errors=True)


def remove(code: str) -> None:
    """Delete a film, and what was sent."""
    remove_sent(code)
    path(code).unlink(missing_ok=True)


def kept() -> Iterator[Path]:
    """Every film that lies among the pictures."""
    return Path(settings.MEDIA_ROOT).glob("??/*.mp4")


def sent() -> Iterator[Path]:
    """Everything that lies where films arrive."""
    return Path(settings.QUANZI_FILMS_ARRIVING).glob("*")


def blocks(code: str, first: int, last: int) -> Iterator[bytes]:
    """Bytes first to last, both counted. Raises FileNotFoundError before the first block."""
    return _read(path(code).open("rb"), first, last)


def _read(file: object, first: int, last: int) -> Iterator[bytes]:
    with file as opened:  # type: ignore[attr-defined]
        opened.seek(first)
        left = last - first + 1
        while left > 0 and (block := opened.read(min(_BLOCK, left))):
            left -= len(block)
            yield block
