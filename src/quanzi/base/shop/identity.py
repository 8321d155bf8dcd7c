"""What every page says of the shop, known to each process without asking the database.

The truth is the row in the database. After each committed change `write_down` writes what pages need into one small
file of the data folder, and `current` looks whether that file is another one than last time: one `stat`, about a
microsecond. So all processes of the machine follow at once, and the page that must be drawn while the database is
away still knows the shop's name. Each process writes it down again when it starts, which heals whatever happened
between a commit and its file. See docs/adr for what was weighed against it.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

FILE = "shop.json"


@dataclass(frozen=True)
class Identity:
    """logo: address of the picture, logo_small: of its narrow file; "" when there is none. Amounts in minor units, None: not decided."""

    version: int = 0
    name: str = ""
    accent: str = "persimmon"
    language: str = "zh-hans"
    logo: str = ""
    logo_small: str = ""
    phone: str = ""
    email: str = ""
    hours: str = ""
    freight_minor: int | None = None
    freight_free_from_minor: int | None = None
    takes_simulated: bool = True


NAMES = {field.name for field in fields(Identity)}
"""A file of another version of quanzi may know other things; they are passed over."""

_seen: tuple[tuple[int, int, int], Identity] = ((0, 0, 0), Identity())


def current() -> Identity:
    """The shop as it stands. A shop that never said anything about itself is the default one."""
    global _seen
    try:
        found = os.stat(_path())
    except FileNotFoundError:
        return Identity()
    mark = (found.st_mtime_ns, found.st_ino, found.st_size)
    if _seen[0] != mark:
        # Read after looking: a change in between is another mark, which the next look finds.
        told = json.loads(_path().read_text(encoding="utf-8"))
        _seen = (mark, Identity(**{name: told[name] for name in NAMES & told.keys()}))
    return _seen[1]


def shop_name() -> str:
    """What the shop is called; the product's own name until somebody says."""
    return current().name or settings.QUANZI_SHOP_NAME or "quanzi"


def write_down() -> None:
    """Write the committed row into the file. Whoever comes last read last: the lock spans reading and writing."""
    from quanzi.base.shop.queries import identity_of_row  # the models may not be loaded when this file is imported

    path = _path()
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        draft = path.with_suffix(".draft")
        draft.write_text(json.dumps(asdict(identity_of_row()), ensure_ascii=False), encoding="utf-8")
        draft.replace(path)


def heal() -> None:
    """Write it down when a process starts: the one before may have died between its commit and the file."""
    with suppress(DatabaseError):  # a database that is away or not prepared is said elsewhere
        write_down()
    connection.close()


def _path() -> Path:
    return _file_of(settings.QUANZI_HOME)


@cache
def _file_of(folder: Path) -> Path:
    """Putting a path together takes longer than the look at it."""
    return Path(folder) / FILE
