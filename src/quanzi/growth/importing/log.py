"""Reading a recorded group-buying log: files, lines, and the one order in which they are replayed. No database.

A line is `opener TAB item TAB participant TAB ...`, all whole numbers. `tune` and `test` hold launches that
succeeded, `invalid` those that failed, in the files as their authors publish them.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from quanzi.growth.importing.errors import BrokenLine, NoLog, UnreadableFile
from quanzi.trade.deals.services.terms import TEAM_SIZES

SUCCEEDED = ("tune", "test")
FAILED = ("invalid",)

_LINE = re.compile(rb"\d{1,18}(?:\t\d{1,18})+")
_MOST_PEOPLE = TEAM_SIZES[1] - 1  # a failed team has one seat more than people


@dataclass(frozen=True, slots=True)
class Record:
    """One launch. `number` counts from 0 in the order of replay; ids are the log's own."""

    number: int
    file: str
    line: int
    opener: str
    item: str
    joiners: tuple[str, ...]
    has_failed: bool

    @property
    def people(self) -> tuple[str, ...]:
        return (self.opener, *self.joiners)

    @property
    def names_somebody_twice(self) -> bool:
        return len(set(self.people)) < 1 + len(self.joiners)

    @property
    def team_size(self) -> int:
        """How many it took: everybody for a success; one more than came, and at least two, for a failure."""
        return len(self.people) + 1 if self.has_failed else len(self.people)


@dataclass(frozen=True, slots=True)
class _Lines:
    file: str
    lines: list[bytes]


class Log:
    """A log that was read whole and is well-formed. Its order is fixed: failures are spread evenly over the rest."""

    def __init__(self, succeeded: list[_Lines], failed: list[_Lines], fingerprint: str) -> None:
        self._succeeded = succeeded
        self._failed = failed
        self.fingerprint = fingerprint
        self.failures = sum(len(part.lines) for part in failed)
        self.total = self.failures + sum(len(part.lines) for part in succeeded)

    def records(self, limit: int | None = None) -> Iterator[Record]:
        """The first `limit` records, in which successes and failures stand as they do in the whole log."""
        good, bad = _numbered(self._succeeded), _numbered(self._failed)
        for number in range(self.total if limit is None else min(limit, self.total)):
            is_failure = (number + 1) * self.failures // self.total > number * self.failures // self.total
            file, line, raw = next(bad if is_failure else good)
            opener, item, *joiners = raw.decode("ascii").split("\t")
            yield Record(number, file, line, opener, item, tuple(joiners), is_failure)


def read(folder: Path) -> Log:
    """Read and check the whole log. Raises NoLog, UnreadableFile, BrokenLine with the first line that is wrong."""
    digest = hashlib.sha256()
    succeeded = [part for name in SUCCEEDED if (part := _file(folder, name, digest, fewest=3))]
    failed = [part for name in FAILED if (part := _file(folder, name, digest, fewest=2))]
    if not any(part.lines for part in succeeded + failed):
        raise NoLog(folder=folder)
    return Log(succeeded, failed, digest.hexdigest())


def _file(folder: Path, name: str, digest: hashlib._Hash, *, fewest: int) -> _Lines | None:
    path = next((one for one in (folder / f"{name}.txt", folder / f"{name}.txt.gz") if one.is_file()), None)
    if path is None:
        return None
    try:
        content = path.read_bytes()
        if path.suffix == ".gz":
            content = gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as trouble:
        raise UnreadableFile(file=path, reason=str(trouble) or "it ends too early") from trouble
    digest.update(f"{name} {len(content)}\n".encode() + content)
    lines = content.splitlines()
    for number, line in enumerate(lines, start=1):
        _check(path.name, number, line, fewest)
    return _Lines(path.name, lines)


def _check(file: str, number: int, line: bytes, fewest: int) -> None:
    if _LINE.fullmatch(line) is None:
        raise BrokenLine(file=file, line=number, reason="it is not whole numbers between tabs: opener, item, people")
    columns = line.count(b"\t") + 1
    if columns < fewest:
        raise BrokenLine(file=file, line=number, reason="a launch that succeeded names at least one participant")
    if columns - 1 > _MOST_PEOPLE:
        raise BrokenLine(file=file, line=number, reason=f"it names more than {_MOST_PEOPLE} people")


def _numbered(parts: list[_Lines]) -> Iterator[tuple[str, int, bytes]]:
    for part in parts:
        for number, line in enumerate(part.lines, start=1):
            yield part.file, number, line
