"""Searching. What the reader may not read is not found, not counted and not suggested: the audience stands in every statement."""

from __future__ import annotations

from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from quanzi.base import planned
from quanzi.community.circles.queries import my_circle_ids
from quanzi.growth.searching import remembered
from quanzi.growth.searching.asking import Vocabulary, read
from quanzi.growth.searching.indexing import catch_up
from quanzi.growth.searching.looking import THINGS, candidates
from quanzi.growth.searching.looking import Reader as Reader
from quanzi.growth.searching.models import POSTS, Choice, Kind, Miss, Past, WordLine
from quanzi.growth.searching.rules import BAND_STARTS, Candidate, in_band, is_proven, score
from quanzi.people.accounts.models import Member
from quanzi.people.safety.queries import blocked_ids, muted_ids
from quanzi.people.trust.queries import reach
from quanzi.people.trust.rings import LEFT_OUT, left_out_ids

MOST_SHOWN = 99
"""Counts beyond this are said as "99+"."""

VISITOR = Reader(None)

KEPT_BY_KNOWN = f"""
SELECT l.product_id, l.member_id FROM sales_orderline l JOIN sales_order o ON o.id = l.order_id AND o.paid_at IS NOT NULL AND o.origin <> 'replay'
WHERE l.member_id = ANY(%(people)s::bigint[]) AND l.product_id = ANY(%(products)s::bigint[]) AND l.kept_at IS NOT NULL
  AND NOT {LEFT_OUT.format(id="l.member_id")}
  AND (EXISTS (SELECT FROM contact_permission agreed WHERE agreed.member_id = l.member_id AND agreed.purpose = 'social_proof' AND agreed.granted)
    OR EXISTS (SELECT FROM experiences_experience x JOIN posts_post n ON n.id = x.post_id LEFT JOIN circles_circle c ON c.id = n.circle_id
        WHERE x.line_id = l.id AND x.voided_at IS NULL AND n.hidden_at IS NULL AND n.removed_at IS NULL
          AND (n.circle_id IS NULL OR c.admission = 'open' OR n.circle_id = ANY(%(circles)s::bigint[]))))
"""
"""Who of the people known kept these goods and may be named beside them, as growth.discovery.queries.proof."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A search. kind: only these; circle_id: only what was written there; band: number of a price band; origin: where goods come from;
    is_proven: only what people the reader knows stand behind with goods they kept."""

    words: str
    kind: str = ""
    circle_id: int | None = None
    band: int | None = None
    origin: str = ""
    is_proven: bool = False


@dataclass(frozen=True)
class Found:
    """ids: of each kind, the best first. counts: by kind before narrowing to one; circles, origins, bands: what to narrow by, with counts.

    is_loose: nothing holds the words themselves; this sounds like them, or is spelled almost so. words: to mark in the text.
    """

    ids: dict[str, list[int]]
    counts: dict[str, int]
    circles: list[tuple[int, int]]
    origins: list[tuple[str, int]]
    bands: list[tuple[int, int]]
    proven: int
    is_loose: bool
    words: list[str]

    @property
    def total(self) -> int:
        return sum(map(len, self.ids.values()))


def reader_of(member: Member | None, now: datetime) -> Reader:
    """What decides what somebody may find, and what stands first for them."""
    if member is None:
        return Reader(None)
    left_out = left_out_ids()
    trust = {one: row.strength for one, row in reach(member.pk, now=now).items() if one not in left_out}
    unwanted = tuple(blocked_ids(member.pk) | muted_ids(member.pk))
    return Reader(member.pk, tuple(my_circle_ids(member)), unwanted, trust)


def search(*, asked: Asked, reader: Reader, now: datetime, as_it_is: bool = False) -> Found:
    """The best of each kind. Words that nothing holds are looked for again by their sound and with a slip.

    as_it_is: the index as it stands, for a transaction in which nothing may be written.
    """
    if not as_it_is:
        catch_up()
    if reader != VISITOR:
        return _search(asked, reader, now)
    # What is fresh is no longer so fresh ten minutes later, by a thirteen-thousandth.
    lately = now.replace(minute=now.minute // 10 * 10, second=0, microsecond=0)
    return remembered.once((asked, lately), lambda: _search(asked, reader, now))


def _search(asked: Asked, reader: Reader, now: datetime) -> Found:
    wanted = read(asked.words, vocabulary())
    rows = candidates(wanted, reader, is_loose=False)
    is_loose = not rows and not wanted.is_empty
    if is_loose:
        wanted = read(asked.words, vocabulary(), is_loose=True)
        rows = candidates(wanted, reader, is_loose=True)
    known = _kept_by_known([one.object_id for one in rows if one.kind == Kind.PRODUCT], reader)
    found = _ordered(rows, asked, reader, known, now)
    return replace(found, is_loose=is_loose, words=wanted.words)


def suggest(*, words: str, reader: Reader, limit: int = 8) -> list[tuple[str, int]]:
    """Kind and id of what has a name like this, while somebody types; the best first."""
    catch_up()
    wanted = read(words, vocabulary())
    rows = candidates(wanted, reader, is_loose=False, parts=(THINGS,))
    rows.sort(
        key=lambda one: (-one.in_title, -one.kept - 20 * reader.trust.get(one.author_id or 0, 0.0), one.object_id)
    )
    return [(one.kind, one.object_id) for one in rows[:limit] if one.in_title or not one.kept or len(rows) < limit]


def _kept_by_known(product_ids: list[int], reader: Reader) -> dict[int, float]:
    """For each of these goods the strength of the nearest who kept them and may be named."""
    if not product_ids or not reader.trust:
        return {}
    known: dict[int, float] = {}
    params = {"people": list(reader.trust), "products": product_ids, "circles": list(reader.circles)}
    for product_id, member_id in planned.rows(KEPT_BY_KNOWN, params):
        known[product_id] = max(known.get(product_id, 0.0), reader.trust[member_id])
    return known


def _ordered(rows: list[Candidate], asked: Asked, reader: Reader, known: Mapping[int, float], now: datetime) -> Found:
    proven = [one for one in rows if is_proven(one, trust=reader.trust, known=known)] if reader.trust else []
    rows = proven if asked.is_proven else rows
    counts = Counter([one.kind for one in rows])
    circles = Counter([one.circle_id for one in rows if one.circle_id is not None and one.kind in POSTS])
    origins = Counter([one.place for one in rows if one.place and one.kind == Kind.PRODUCT])
    bands = Counter([bisect(BAND_STARTS, one.price_minor) - 1 for one in rows if one.price_minor is not None])
    is_narrow = asked.kind or asked.circle_id is not None or asked.band is not None or asked.origin
    kept = [one for one in rows if _is_asked(one, asked)] if is_narrow else rows
    ids: dict[str, list[int]] = defaultdict(list)
    trust, at = reader.trust, now.timestamp()
    scored = [(score(one, trust=trust, known=known, now=at), one.object_id, one.kind) for one in kept]
    for _, object_id, kind in sorted(scored, reverse=True):
        ids[kind].append(object_id)
    return Found(
        ids=dict(ids), counts=dict(counts), circles=circles.most_common(8), origins=origins.most_common(8),
        bands=sorted(bands.items()), proven=len(proven), is_loose=False, words=[],
    )  # fmt: skip


def _is_asked(one: Candidate, asked: Asked) -> bool:
    return (
        (not asked.kind or one.kind == asked.kind)
        and (asked.circle_id is None or (one.circle_id == asked.circle_id and one.kind in POSTS))
        and (asked.band is None or in_band(one.price_minor, asked.band))
        and (not asked.origin or (one.kind == Kind.PRODUCT and one.place == asked.origin))
    )


def vocabulary() -> Vocabulary:
    """The merchant's words as they are now."""
    lines: dict[int, list[str]] = defaultdict(list)
    for line_id, word in planned.rows("SELECT line_id, word FROM searching_word ORDER BY id"):
        lines[line_id].append(word)
    same = {word: tuple(one for one in line if one != word) for line in lines.values() for word in line}
    return Vocabulary(tuple(same), same)


@dataclass(frozen=True)
class LineRow:
    """A line of the merchant's words, as they were typed."""

    id: int
    words: list[str]


def word_lines() -> list[LineRow]:
    """The newest first."""
    found = WordLine.objects.prefetch_related("words").order_by("-pk")
    return [LineRow(line.pk, [word.said for word in line.words.all()]) for line in found]


def choice_of(member: Member) -> Choice:
    """What the member chose, or what holds until they do."""
    return Choice.objects.filter(member=member).first() or Choice(member=member)


def past(member: Member) -> list[Past]:
    """What the member looked for, the latest first."""
    return list(Past.objects.filter(member=member).order_by("-searched_at", "-id"))


@dataclass(frozen=True)
class MissRow:
    words: str
    times: int


def misses(*, since_day: Any, limit: int = 50) -> list[MissRow]:
    """Words that found nothing, the most wanted first."""
    sums: Counter[str] = Counter()
    for words, times in Miss.objects.filter(day__gte=since_day).values_list("words", "times"):
        sums[words] += times
    return [MissRow(words, times) for words, times in sums.most_common(limit)]


def findable(ids: Collection[int]) -> list[int]:
    """Those of these members who agreed to be found and are here, in the given order."""
    agreed = Choice.objects.filter(
        member_id__in=list(ids), is_findable=True, member__is_active=True, member__erased_at=None
    )
    known = set(agreed.values_list("member_id", flat=True))
    return [one for one in ids if one in known]
