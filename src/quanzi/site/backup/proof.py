"""Whether what is kept is all there and whole."""

from __future__ import annotations

import gzip
import subprocess
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from quanzi.site.backup import copies
from quanzi.site.backup.copies import Copy
from quanzi.site.database.archiving import Choice
from quanzi.site.database.binaries import bin_dir

PIECE_BYTES = 16 * 1024 * 1024
PIECES_OF_A_FILE = 256
"""Pieces are counted in two halves: after …000000FF comes …(1)00000000."""


def problems(where: Choice, *, on_step: Callable[[], None] = lambda: None) -> list[str]:
    """What is wrong, in words; empty when every moment since the oldest copy can be reached."""
    there = copies.all_of(where)
    if not there:
        return ["There is no finished copy yet."]
    found = []
    for copy in there:
        found += _of_copy(copy)
        on_step()
    return found + list(_of_log(where, there[0], on_step))


def _of_copy(copy: Copy) -> list[str]:
    """The server's own tool holds every file against the checksums that were taken when it was copied."""
    command = [str(bin_dir() / "pg_verifybackup"), "--quiet", "--no-parse-wal", "--format=tar", str(copy.folder)]
    # Ours beside the server's: they are not in its manifest, and are no part of the database.
    command[1:1] = [f"--ignore={name}" for name in (copies.FACTS, "secret_key")]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    why = (done.stderr or done.stdout).decode(errors="replace").strip()
    return [f"{copy.folder.name}: {why[-300:]}"] if done.returncode else []


def _of_log(where: Choice, oldest: Copy, on_step: Callable[[], None]) -> Iterator[str]:
    """Pieces that are missing between two that are there, and pieces that cannot be read whole."""
    kept = [name for name in copies.pieces(where) if name >= oldest.first_piece]
    if not kept:
        yield "No piece of the log is kept since the oldest copy."
    expected = oldest.first_piece
    for name in kept:
        if name[:8] == expected[:8] and name != expected:
            yield f"The log is missing from {expected} until {name}."
        if not _is_whole(where.wal / f"{name}.gz"):
            yield f"{name} is damaged."
        expected = following(name)
        on_step()


def following(name: str) -> str:
    """The piece after this one."""
    number = int(name[8:16], 16) * PIECES_OF_A_FILE + int(name[16:24], 16) + 1
    return f"{name[:8]}{number // PIECES_OF_A_FILE:08X}{number % PIECES_OF_A_FILE:08X}"


def _is_whole(path: Path) -> bool:
    try:
        with gzip.open(path) as piece:
            size = sum(len(part) for part in iter(lambda: piece.read(1 << 20), b""))
    except (OSError, EOFError, zlib.error):
        return False
    return size == PIECE_BYTES
