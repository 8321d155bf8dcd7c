"""What an interaction weighs, and who stands between parts. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from math import log
from typing import Final

REACH: Final = timedelta(days=360)
HALF_LIFE_DAYS: Final = 90
"""After this many days an interaction weighs half."""
WEIGHTS: Final[Mapping[str, float]] = {"answer": 3.0, "reply": 1.0, "useful": 0.5, "team": 2.0, "list": 1.0, "tie": 1.0}
"""An accepted answer, a reply, "useful to me", a team and a list (shared out among those in it), a tie that one of both declared."""
CROWD: Final = 40
"""A team or list of more people says nothing about any two of them."""

UNDO: Final = timedelta(days=14)
SILENCE: Final = timedelta(days=90)
"""After a proposal was declined or a circle was split, it is left alone this long."""
PAUSE: Final = timedelta(hours=1)
WEEKS: Final = 4
LEAST_TO_COMPARE: Final = 20
"""Fewer people than this say nothing about an average."""

BRIDGE: Final = 0.3
"""Whoever has this share of their interactions with other parts stands between them."""
BRIDGES: Final = 12
WORDS: Final = 6
LEADERS: Final = 3
NAME_MAX: Final = 40
COMMON: Final = re.compile(
    "[今去明昨当]天?年?|今[天年]|[昨明]天|去年|现在|当天|周末|时[候间]|哪[里儿]|怎么|什么|多少|[几这那两一][个里下起点]|可以|没有|[不就还]是|大家|[我你他]们|自己|家里"
    "|觉得|知道|真的|谢谢|好的|有人|请问|已经|因为|所以|如果|但是|还有|this|that|with|have|what|where|when|from|your|they"
)
"""Words that everybody uses and that name no subject."""

Tie = tuple[int, int, float, int]
"""Two members, what is between them (decayed), and how often."""


def flows(ties: Iterable[Tie], part: Mapping[int, int], parts: int) -> list[list[int]]:
    """How often people of each part interacted with those of each; symmetric, those within a part on the diagonal."""
    square = [[0] * parts for _ in range(parts)]
    for one, other, _, times in ties:
        if one in part and other in part:
            a, b = part[one], part[other]
            square[a][b] += times
            if a != b:
                square[b][a] += times
    return square


def kept_inside(square: Sequence[Sequence[int]]) -> int:
    """The share of interactions that stays within a part, in percent, rounded down."""
    inside = sum(row[place] for place, row in enumerate(square))
    across = sum(row[other] for place, row in enumerate(square) for other in range(place))
    return inside * 100 // (inside + across) if inside + across else 0


def bridges(ties: Iterable[Tie], part: Mapping[int, int]) -> list[int]:
    """People between the parts: those who share their interactions, the most of it across first."""
    across: Counter[int] = Counter()
    every: Counter[int] = Counter()
    for one, other, _, times in ties:
        if one in part and other in part:
            for member in (one, other):
                every[member] += times
                across[member] += times if part[one] != part[other] else 0
    between = [member for member, times in across.items() if times >= 3 and times >= BRIDGE * every[member]]
    return sorted(between, key=lambda member: (-across[member], member))[:BRIDGES]


def telling_words(texts: Mapping[int, Sequence[set[str]]]) -> dict[int, list[str]]:
    """For each part, words of its people that the others say less: by how much likelier they are here, said by two people at least.

    texts: for each part, the words of each person in it.
    """
    said = {part: Counter(word for one in people for word in one) for part, people in texts.items()}
    everybody = sum(len(people) for people in texts.values())
    found: dict[int, list[str]] = {}
    for part, words in said.items():
        here = len(texts[part])
        scores = {}
        for word, times in words.items():
            others = sum(said[other][word] for other in said if other != part)
            lift = log((times + 0.5) / (here + 1)) - log((others + 0.5) / (everybody - here + 1))
            if times >= 2 and lift > 0.5 and not COMMON.fullmatch(word):
                scores[word] = times * lift
        found[part] = sorted(scores, key=lambda word: (-scores[word], word))[:WORDS]
    return found


def name_of(circle: str, words: Sequence[str], position: int, taken: Iterable[str]) -> str:
    """A name to begin with: the circle's and what the part talks about, or its number."""
    used = set(taken)
    for tail in [*words, str(position + 1)]:
        name = f"{circle[: NAME_MAX - len(tail) - 1]}·{tail}"
        if len(tail) < NAME_MAX // 2 and name not in used:
            return name
    return f"{circle[: NAME_MAX - 4]}·{position + 1}"
