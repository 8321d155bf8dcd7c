"""Shapes of the search."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from quanzi.faces.api.schemas.common import PLAIN, Flag, In, Out

Words = Annotated[str, Field(pattern=PLAIN, min_length=1, max_length=60)]
Typed = Annotated[str, Field(pattern=PLAIN, max_length=60)]


class HitOut(Out):
    """Something that was found. id: of the goods, maker, circle, member or post; address: its page in the shop.
    got_sample: of a post, the shop gave its author goods that it names."""

    kind: str
    id: int
    title: str
    address: str
    got_sample: bool


class FacetOut(Out):
    """What to narrow by, and how many are left then."""

    value: str
    count: int


class FoundOut(Out):
    """items: the best of each kind first. counts: of every kind before narrowing to one, at most those that are put in order.
    is_loose: nothing holds the words themselves; this sounds alike, or is spelled almost so."""

    items: list[HitOut]
    counts: dict[str, int]
    circles: list[FacetOut]
    origins: list[FacetOut]
    proven: int
    is_loose: bool


class PastOut(Out):
    """What the caller looked for."""

    id: int
    words: str
    searched_at: datetime


class ChoiceOut(Out):
    """What the caller lets the search do."""

    is_findable: bool
    remembers: bool


class ChoiceIn(In):
    """What is left out stays as it is."""

    is_findable: Flag | None = None
    remembers: Flag | None = None


class WordLineOut(Out):
    """Words of the shop that mean the same; one alone is a name that is not cut."""

    id: int
    words: list[str]


class WordLineIn(In):
    """words: one to eight, each of at most twenty characters."""

    words: list[Annotated[str, Field(pattern=PLAIN, max_length=40)]] = Field(min_length=1, max_length=8)


class MissOut(Out):
    """Words that found nothing, without whose they were."""

    words: str
    times: int
