"""Who was erased, in a file beside the database: a copy of the database from before does not know it.

Nothing personal stands in it: a number, and the moments of joining and leaving. The number alone would not do, since a shop that
came back from an older copy gives it to somebody else.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from quanzi.growth.erasing.models import Erasure
from quanzi.people.accounts.models import Member

FILE = "erased.jsonl"


@dataclass(frozen=True)
class Stone:
    """One member who was erased."""

    member_id: int
    joined_at: datetime
    erased_at: datetime
    keeps_words: bool


def path() -> Path:
    return Path(settings.QUANZI_HOME) / FILE


def read(file: Path | None = None) -> list[Stone]:
    """Every stone once, of the shop's own list or another. A line that was never finished is passed over."""
    file = file or path()
    found: dict[tuple[int, datetime], Stone] = {}
    for line in file.read_text().splitlines() if file.is_file() else []:
        try:
            row = json.loads(line)
        except ValueError:
            continue
        stone = Stone(
            row["member"],
            datetime.fromisoformat(row["joined_at"]),
            datetime.fromisoformat(row["erased_at"]),
            row["keeps_words"],
        )
        found[stone.member_id, stone.joined_at] = stone
    return list(found.values())


def add(stones: Iterable[Stone]) -> None:
    """Write them down for good: each is on the disk when this returns."""
    lines = [
        json.dumps(
            {"member": one.member_id, "joined_at": one.joined_at.isoformat(), "erased_at": one.erased_at.isoformat(),
             "keeps_words": one.keeps_words}
        ) + "\n" for one in stones
    ]  # fmt: skip
    if not lines:
        return
    path().parent.mkdir(parents=True, exist_ok=True)
    # A line that a death cut short is ended first, so that it takes no other with it.
    is_torn = path().is_file() and not path().read_text().endswith("\n")
    with os.fdopen(os.open(path(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w", encoding="utf-8") as file:
        file.write("\n" * is_torn + "".join(lines))
        file.flush()
        os.fsync(file.fileno())


def mend() -> int:
    """Write down who is erased in the database and not in the file, as after a death between the two; returns how many."""
    known = {(stone.member_id, stone.joined_at) for stone in read()}
    words = dict(Erasure.objects.exclude(done_at=None).values_list("member", "keeps_words"))
    missing = [
        Stone(member_id, joined_at, erased_at, words.get(member_id, False))
        for member_id, joined_at, erased_at in Member.objects.exclude(erased_at=None)
        .order_by("pk").values_list("pk", "joined_at", "erased_at")
        if erased_at is not None and (member_id, joined_at) not in known
    ]  # fmt: skip
    add(missing)
    return len(missing)
