"""What holds the words and may be found by the reader, as many as are put in order; the statements of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from quanzi.base import planned
from quanzi.growth.searching.asking import Statement, Wanted, condition
from quanzi.growth.searching.models import POSTS
from quanzi.growth.searching.rules import Candidate

MOST_THINGS, MOST_POSTS, MOST_OF_KNOWN = 200, 200, 10
"""How many are looked at and put in order: things by what was kept, posts the newest, and the newest of each whom the reader trusts most."""

WINDOW, COMMON, WIDEST = 500, 15, 20_000
"""Posts that are looked at first, from how many of them that hold the words these are common, and how many are looked at one by one at most."""

MOST_PEOPLE = 60
"""Whose posts are looked at however old they are: the people whom the reader trusts most."""

_IN_POSTS = "e.kind IN ('note', 'question', 'experience')"

AUDIENCE = """(e.audience = 0 OR (e.audience = 1 AND %(me)s::bigint IS NOT NULL) OR (e.audience = 2 AND e.circle_id = ANY(%(circles)s::bigint[])))
    AND (e.author_id IS NULL OR e.author_id <> ALL(%(unwanted)s::bigint[]))"""
"""Whether the reader may find entry e: what everybody may, what members may, what stands in their circles; nobody across a block."""

FIELDS = """e.kind, e.object_id, e.author_id, e.circle_id,
    CASE strpos(e.title, %(whole)s) WHEN 0 THEN {in_title} WHEN 1 THEN CASE WHEN e.title = %(whole)s THEN 4 ELSE 3 END ELSE 2 END AS in_title,
    e.kept, e.useful, e.is_proof, e.price_minor, e.place, extract(epoch FROM e.made_at)::float8"""

THINGS = """(SELECT {fields} FROM searching_entry e WHERE NOT ({posts}) AND {audience} AND {match}
    ORDER BY in_title DESC, e.kept DESC, e.object_id DESC LIMIT {most})"""
NEWEST = "(SELECT {fields} FROM searching_entry e WHERE {posts} AND {audience} AND {match} ORDER BY e.made_at DESC, e.id DESC LIMIT {most})"
IN_WINDOW = """(SELECT {fields} FROM (SELECT * FROM searching_entry e WHERE {posts} ORDER BY e.made_at DESC, e.id DESC LIMIT {window}) e
    WHERE {audience} AND {match} ORDER BY e.made_at DESC, e.id DESC LIMIT {most})"""
"""The newest posts that hold the words. The database takes the parts of a word for independent and guesses far too few of them, so how
common they are is seen among the newest few hundred. Common words are then looked for from post to post, as far as there should be
enough of them (the index of keys cannot say which are the newest); all others, and those that were common only lately, by their keys."""
OF_KNOWN = """(SELECT {fields} FROM unnest(%(people)s::bigint[]) AS known(id), LATERAL (SELECT one.* FROM searching_entry one
    WHERE one.author_id = known.id AND one.kind IN ('note', 'question', 'experience') ORDER BY one.made_at DESC LIMIT {most}) e
    WHERE {audience} AND {match})"""
"""What these people wrote lately, and of that what holds the words: bounded, however common those are."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who searches, and whom they know: people in reach with the strength of their ties."""

    member_id: int | None
    circles: tuple[int, ...] = ()
    unwanted: tuple[int, ...] = ()
    trust: Mapping[int, float] = field(default_factory=dict)


def candidates(wanted: Wanted, reader: Reader, *, is_loose: bool, parts: Collection[str] = ()) -> list[Candidate]:
    """parts: only what these statements find."""
    if wanted.is_empty:
        return []
    statement = Statement()
    match = condition(wanted, statement, is_loose=is_loose)
    literals = [statement.put(run) for run, _ in wanted.runs]
    apart = " AND ".join(f"strpos(e.title, {one}) > 0" for one in literals)
    in_title = f"CASE WHEN {apart} THEN 1 ELSE 0 END" if len(literals) > 1 else "0"
    most = {THINGS: MOST_THINGS, OF_KNOWN: MOST_OF_KNOWN}
    fields = FIELDS.format(in_title=in_title)
    values: dict[str, Any] = {
        **statement.values, "whole": wanted.whole, "me": reader.member_id, "circles": list(reader.circles),
        "unwanted": list(reader.unwanted), "people": _nearest(reader),
    }  # fmt: skip

    def ask(*asked: str, window: int = WINDOW) -> list[Candidate]:
        sql = " UNION ALL ".join(
            part.format(
                fields=fields,
                posts=_IN_POSTS,
                audience=AUDIENCE,
                match=match,
                most=most.get(part, MOST_POSTS),
                window=window,
            )
            for part in asked
        )
        # How rare a word is decides how to look for it, so a search is planned for its words.
        return list(map(Candidate._make, planned.rows(sql, values, anew=True)))

    if parts:
        return ask(*parts)
    rows = ask(THINGS, IN_WINDOW)
    newest = sum(one.kind in POSTS for one in rows)
    if COMMON <= newest < MOST_POSTS:
        older = ask(IN_WINDOW, window=min(2 * WINDOW * MOST_POSTS // newest, WIDEST))
        newest, rows = len(older), [*rows, *older]
    if newest < MOST_POSTS:
        older = ask(NEWEST)
        newest, rows = len(older), [*rows, *older]
    if reader.trust and newest >= MOST_POSTS:
        rows += ask(OF_KNOWN)  # there are older ones that hold the words
    return list({(one.kind, one.object_id): one for one in rows}.values())


def _nearest(reader: Reader) -> list[int]:
    return sorted(reader.trust, key=lambda one: -reader.trust[one])[:MOST_PEOPLE]
