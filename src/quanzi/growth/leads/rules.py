"""What is found, when a message shows, and when somebody has written too much. No database here.

`load` and `pause_days` have twins in SQL (migration 0002), which the database itself asks; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from quanzi.growth.searching.folding import fold, is_plain, runs
from quanzi.growth.searching.words import cut
from quanzi.kernel.clock import SITE_ZONE

SPANS: Final = (30, 90, 365)
"""Days for which a member may open a topic."""

BACK: Final = timedelta(days=30)
"""What was written longer ago is no lead."""

MOST_WATCHES, MOST_WORDS, MOST_TOPIC_WORDS = 10, 5, 40
PER_WEEK: Final = 2
DAY_BEGINS, DAY_ENDS = 9, 21
"""Hours of the site's day in which commercial messages show."""

HALF_LIFE: Final = timedelta(days=60)
LIMIT: Final = 1.5
FIRST_PAUSE_DAYS, LONGEST_PAUSE_DAYS = 7.0, 180.0
SILENT, OPENED, REFUSED = 1.0, 0.75, 2.0
COOLS: Final = timedelta(days=90)
"""After a no, and between two messages of somebody from whom less is wanted."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One commercial message on its way back. is_welcome: thanked for, asked about, or its goods were bought."""

    at: datetime
    is_welcome: bool = False
    is_refused: bool = False
    is_opened: bool = False

    @property
    def weight(self) -> float:
        return REFUSED if self.is_refused else OPENED if self.is_opened else SILENT


def load(sent: Iterable[Sent], *, now: datetime) -> float:
    """How much one person has pressed another since the last welcome; each message counts half after sixty days."""
    since: list[Sent] = []
    for one in sorted((one for one in sent if one.at <= now), key=lambda one: one.at):
        since = [] if one.is_welcome else [*since, one]
    return sum(one.weight * float(0.5 ** ((now - one.at) / HALF_LIFE)) for one in since)


def pause_days(pressed: float) -> float:
    """Days without a further message, after the last one: none below one and a half, then seven, doubled by each more."""
    return 0.0 if pressed < LIMIT else min(LONGEST_PAUSE_DAYS, FIRST_PAUSE_DAYS * float(2 ** (pressed - LIMIT)))


def free_from(sent: Sequence[Sent], *, now: datetime) -> datetime:
    """When the next message may go; now when it may. What was pressed is counted as of the last message, with the answers known now."""
    before = [one.at for one in sent if one.at <= now]
    return max(now, max(before) + timedelta(days=pause_days(load(sent, now=max(before))))) if before else now


def may_send(sent: Sequence[Sent], *, now: datetime) -> bool:
    """Whether the next message may go. Once it may, waiting longer never takes that away."""
    return free_from(sent, now=now) == now


def shows_at(now: datetime, begins: int = DAY_BEGINS, ends: int = DAY_ENDS) -> datetime:
    """Now within these hours of the site's day, else when they begin next."""
    local = now.astimezone(SITE_ZONE)
    if begins <= local.hour < ends:
        return now
    day = local.date() + timedelta(days=1 if local.hour >= ends else 0)
    return datetime.combine(day, time(begins), SITE_ZONE)


def said(words: str) -> list[str]:
    """Words that were typed with commas or lines between them, each once."""
    for between in ("，", "、", "；", ";", "\n"):
        words = words.replace(between, ",")
    return list(dict.fromkeys(" ".join(one.split()) for one in words.split(",") if one.strip()))


def found_in(text: str, words: Collection[str]) -> list[str]:
    """Which of the words stand in the text, as the search folds both. A single character must be a word of its own."""
    folded = fold(text)
    plain: set[str] = set()
    single: set[str] = set()
    for run in runs(folded):
        (plain.add(run) if is_plain(run) else single.update(cut(run)))
    return [word for word in words if _stands(fold(word), folded, plain, single)]


def _stands(word: str, folded: str, plain: Collection[str], single: Collection[str]) -> bool:
    parts = runs(word)
    if not parts:
        return False
    if len(parts) == 1 and is_plain(word):
        return word in plain
    return word in single if len(word) == 1 else word in folded
