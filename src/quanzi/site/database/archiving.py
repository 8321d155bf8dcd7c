"""Where finished pieces of the server's log go, so that a shop can be brought back to any moment.

The choice lies in HOME/backup.json; the server reads what follows from it in `quanzi.conf` beside its data, at its
start and whenever it is told to look again. Without a choice pieces are let go, as a server does by itself.
"""

from __future__ import annotations

import json
import os
import shlex
from dataclasses import asdict, dataclass
from pathlib import Path

CHOICE = "backup.json"
CONF = "quanzi.conf"
INCLUDE = f"include_if_exists = '{CONF}'\n"
PIECE_SECONDS = 300
"""A piece is closed after so long even when it is not full: what can be lost with the machine."""


@dataclass(frozen=True)
class Choice:
    """folder: absolute, holds `base`, `wal` and `media`; days: how long moments of the past are kept."""

    folder: Path
    days: int

    @property
    def wal(self) -> Path:
        return self.folder / "wal"

    @property
    def base(self) -> Path:
        return self.folder / "base"

    @property
    def media(self) -> Path:
        return self.folder / "media"


def choice(home: Path) -> Choice | None:
    """What was chosen for this home; None when nothing is kept."""
    try:
        told = json.loads((home / CHOICE).read_text())
    except FileNotFoundError:
        return None
    return Choice(folder=Path(told["folder"]), days=int(told["days"]))


def choose(home: Path, wanted: Choice | None) -> None:
    """Write the choice down, or take it away."""
    path = home / CHOICE
    if wanted is None:
        path.unlink(missing_ok=True)
        return
    draft = path.with_suffix(".part")
    draft.write_text(json.dumps(asdict(wanted), default=str))
    os.replace(draft, path)


def write_conf(home: Path, data: Path) -> None:
    """Tell the server; it reads this at its start, and after `pg_reload_conf()`."""
    main = data / "postgresql.conf"
    if INCLUDE not in (text := main.read_text()):
        main.write_text(text.rstrip("\n") + "\n\n" + INCLUDE)
    chosen = choice(home)
    command, seconds = ("true", 0) if chosen is None else (_keep(chosen.wal), PIECE_SECONDS)
    quoted = command.replace("'", "''")
    (data / CONF).write_text(f"archive_command = '{quoted}'\narchive_timeout = {seconds}\n")


def _keep(wal: Path) -> str:
    """A shell command that keeps a piece once, whole: written beside its place first, never over another."""
    there, part = (shlex.quote(str(wal).replace("%", "%%") + ending) for ending in ("/%f.gz", "/%f.part"))
    same = f'gzip -dc {there} | cmp -s - "%p"'
    return f'if test -f {there}; then {same}; else gzip -c "%p" > {part} && sync {part} && mv {part} {there}; fi'
