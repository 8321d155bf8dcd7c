"""What stands first. Only what happened counts: goods that were kept, posts that members found useful, ties between people."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import exp, log1p
from typing import NamedTuple

MONTHS_3 = 90 * 86_400
WEIGHT_TITLE = {0: 0.0, 1: 1.5, 2: 2.0, 3: 3.0, 4: 4.0}
"""By where the words stand: in the text, all in the title, together in it, at its beginning, the title itself."""

BANDS = ((0, 2_000), (2_000, 5_000), (5_000, 10_000), (10_000, None))
"""Prices to narrow by, from and below, in minor units."""


BAND_STARTS = [least for least, _ in BANDS]


class Candidate(NamedTuple):
    """Something that holds the words and that the reader may find. in_title: see WEIGHT_TITLE; made_s: when, in seconds since 1970."""

    kind: str
    object_id: int
    author_id: int | None
    circle_id: int | None
    in_title: int
    kept: int
    useful: int
    is_proof: bool
    price_minor: int | None
    place: str
    made_s: float


def score(one: Candidate, *, trust: Mapping[int, float], known: Mapping[int, float], now: float) -> float:
    """trust: strength of people in reach; known: of the nearest who kept these goods and may be named; now: in seconds. Higher stands first."""
    found = WEIGHT_TITLE[one.in_title] + 0.35 * log1p(one.kept) + 0.45 * log1p(one.useful)
    if one.kind == "product":
        return found + 2.5 * known.get(one.object_id, 0.0)
    near = trust.get(one.author_id, 0.0) if one.author_id is not None else 0.0
    fresh = exp(-max(0.0, now - one.made_s) / MONTHS_3) if one.kind in ("note", "question", "experience") else 0.0
    return found + 2.5 * near + 0.8 * fresh + (0.5 if one.is_proof else 0.0)


def is_proven(one: Candidate, *, trust: Mapping[int, float], known: Collection[int]) -> bool:
    """Whether somebody I know stands behind it with goods they kept; of people, whether I know them."""
    if one.kind == "product":
        return one.object_id in known
    return one.author_id in trust and (one.is_proof or one.kind == "member")


def in_band(price_minor: int | None, band: int) -> bool:
    """Whether a price is in the band of this number."""
    least, below = BANDS[band]
    return price_minor is not None and price_minor >= least and (below is None or price_minor < below)


def may_be_kept(words: str) -> bool:
    """Whether words that found nothing may be written down: not what looks like a number, an address or a sentence."""
    digits = sum(letter.isdigit() for letter in words)
    return 2 <= len(words) <= 20 and digits <= 4 and "@" not in words
