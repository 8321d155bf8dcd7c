"""What a front may show and in which order, and which numbers its owner is told. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from quanzi.growth.insight.rules import LEAST_SHOWN
from quanzi.growth.leads.rules import shows_at

SECTIONS = ("pins", "kept", "goods", "notes")
"""Pinned notes and goods; goods that were kept and are stood by; goods of one's own on sale; what a maker writes."""

OF_KIND = {"u": ("pins", "kept", "goods"), "c": ("pins", "kept"), "m": ("pins", "kept", "notes"), "s": ("pins", "kept")}
"""Sections that a page of each kind has; what it is for (posts, goods, rounds) stands beside them, always."""

INTRO_LIMIT, NOTE_LIMIT, MOST_PINS = 300, 140, 24

UNDO, LASTS, AGAIN = timedelta(minutes=10), timedelta(days=7), timedelta(hours=1)
"""News may be undone for so long; go to who was not free to hear them for so long; who is not is asked so often."""

NEWS_LIMIT, NEWS_A_WEEK = 300, 2

LEAST_PEOPLE = LEAST_SHOWN
"""Below this many people, what they did is not told to whoever brought them: they could be guessed."""

HIDDEN = -1
"""Stands for a number that is there, but too small to be told."""


def sections_of(text: str) -> tuple[str, ...]:
    """The sections that a stored text names, in its order; unknown and repeated words are left out."""
    return tuple(dict.fromkeys(word for word in text.split() if word in SECTIONS))


def arranged(places: Mapping[str, int]) -> tuple[str, ...]:
    """Sections by the place that was chosen for each, first to last; place 0 hides one, equal places keep the usual order."""
    shown = [name for name in SECTIONS if places.get(name, 0) > 0]
    return tuple(sorted(shown, key=lambda name: (places[name], SECTIONS.index(name))))


def moved(ids: Sequence[int], one: int, *, up: bool) -> list[int]:
    """The ids with one of them a place further up or down; at the end, and for one that is not there, as they were."""
    order = list(ids)
    if one not in order:
        return order
    at = order.index(one)
    to = at - 1 if up else at + 1
    if 0 <= to < len(order):
        order[at], order[to] = order[to], order[at]
    return order


def told(count: int) -> int:
    """What people did, as the one who brought them may know it: zero is told, one to four are HIDDEN, more in whole fives ("at least").

    In fives, so that yesterday's number beside today's does not tell what one person did.
    """
    return HIDDEN if 0 < count < LEAST_PEOPLE else count // LEAST_PEOPLE * LEAST_PEOPLE


def goes_at(now: datetime) -> datetime:
    """When news that are written now go out: after the time to undo them, and never by night."""
    return shows_at(now + UNDO)


@dataclass(frozen=True)
class Reach:
    """How many of those who follow get news at once, within a week, or not; of all. In people, as they are."""

    at_once: int
    later: int
    never: int

    @property
    def of(self) -> int:
        return self.at_once + self.later + self.never

    @property
    def is_told(self) -> bool:
        """Of few people each number would tell what one of them allows."""
        return self.of >= LEAST_PEOPLE

    @property
    def shown(self) -> Reach | None:
        """What the sender may be told (`told`); None when they are too few."""
        return Reach(told(self.at_once), told(self.later), told(self.never)) if self.is_told else None


@dataclass(frozen=True)
class Steps:
    """From arriving to lasting, in people. arrived is a count of browsers and told as it is; of the rest see `told`."""

    arrived: int
    members: int
    joined: int
    ordered: int
    lasting: int

    @property
    def shown(self) -> Steps:
        """What may be told."""
        return Steps(self.arrived, told(self.members), told(self.joined), told(self.ordered), told(self.lasting))
