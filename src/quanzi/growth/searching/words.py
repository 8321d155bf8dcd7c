"""Chinese in words, and how they are spoken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from quanzi.growth.searching.folding import is_plain, runs

if TYPE_CHECKING:
    from rjieba import Jieba

LONGEST_SOUND = 24
"""Letters of a name as it is spoken that are kept."""

SOUND, INITIALS, SLIP = ".", ";", "-"
"""Before a key of the index: as it is spoken; first letters of that; a word without one of its letters."""

_SOUTHERN = re.compile(r"^([zcs])h|g$")


@lru_cache(maxsize=2)
def cutter(words: tuple[str, ...]) -> Jieba:
    """What cuts Chinese, knowing the merchant's own words."""
    from rjieba import Jieba  # this one and the other bring whole dictionaries, which a command rarely needs

    made = Jieba()
    for word in words:
        made.add_word(word, 100_000, "nz")
    return made


def cut(run: str, own: tuple[str, ...] = ()) -> list[str]:
    """A run of Chinese in words."""
    return [word for word in cutter(own).cut(run) if word.strip()]


def syllables(word: str) -> list[str]:
    """How a Chinese word is spoken; a character that is not Chinese is left out."""
    from pypinyin import lazy_pinyin

    return [one for one in lazy_pinyin(word, errors="ignore") if one]


def southern(syllable: str) -> str:
    """zh, ch, sh and ng as many say them: z, c, s, n. What sounds alike is found alike."""
    return _SOUTHERN.sub(lambda found: found[1] or "", syllable) if syllable not in ("g", "ng") else syllable


def heard(letters: str) -> set[str]:
    """What somebody may mean who types how it sounds; an n before a vowel may end a syllable in ng or not."""
    flat = re.sub(r"([zcs])h", r"\1", letters)
    return {re.sub(r"ng", "n", flat), re.sub(r"ng(?![aeiouv])", "n", flat)}


def sound(word: str) -> str:
    """A Chinese word as it is spoken, in one piece, southern; empty when it has no Chinese in it."""
    return "".join(map(southern, syllables(word)))[:LONGEST_SOUND]


def slips(word: str) -> set[str]:
    """The word without one of its letters: two words that differ by one slip share one of these, or one has the other's."""
    return (
        {word[:place] + word[place + 1 :] for place in range(len(word))}
        if len(word) >= 4 and not word.isdigit()
        else set()
    )


def text_keys(folded: str) -> Iterator[str]:
    """Keys of everything in a text: characters and pairs of Chinese, whole words of letters."""
    for run in runs(folded):
        if is_plain(run):
            yield run[:40]
        else:
            yield from run
            yield from (one + other for one, other in pairwise(run))


def name_keys(folded: str) -> Iterator[str]:
    """More keys for a name, which people look for by its sound, its first letters, and with slips."""
    for run in runs(folded):
        if is_plain(run):
            yield from (SLIP + one for one in {run, *slips(run)} if len(run) >= 4)
            continue
        said = [southern(one) for one in syllables(run)]
        for start in range(len(said)):
            yield SOUND + "".join(said[start:])[:LONGEST_SOUND]
            if len(said) - start > 1:
                yield INITIALS + "".join(one[0] for one in syllables(run)[start:])[:12]


def title_keys(folded: str) -> Iterator[str]:
    """More keys for the title of a post: its words by their sound."""
    for run in runs(folded):
        if is_plain(run):
            yield from (SLIP + one for one in {run, *slips(run)} if len(run) >= 4)
        else:
            yield from (SOUND + sound(word) for word in cut(run) if len(word) > 1 and sound(word))


def plain_words(folded: str) -> set[str]:
    """Words of letters, whose English stems are kept too."""
    return {run[:40] for run in runs(folded) if is_plain(run) and not run.isdigit()}


def distinct(keys: Iterable[str]) -> list[str]:
    return sorted(set(keys))
