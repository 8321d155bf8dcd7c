"""Entries are made from facts: of what changed, before somebody searches; of everything, when keys are made in another way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import batched
from typing import Any

from django.db import connection, transaction

from quanzi.base import planned
from quanzi.growth.searching import facts
from quanzi.growth.searching.folding import fold
from quanzi.growth.searching.models import POSTS
from quanzi.growth.searching.words import distinct, name_keys, plain_words, text_keys, title_keys

AT_ONCE = 500
BEFORE_A_SEARCH = 60
"""Changes that whoever searches reads first; more than that is the worker's."""

TAKE = """DELETE FROM searching_stale WHERE id IN (SELECT id FROM searching_stale ORDER BY id LIMIT %(most)s FOR UPDATE SKIP LOCKED)
    RETURNING "group", object_id"""

STORE = """
INSERT INTO searching_entry (kind, object_id, audience, circle_id, author_id, title, text, keys, kept, useful, is_proof, price_minor,
    place, made_at, facts)
SELECT a.kind, a.object_id, a.audience, a.circle_id, a.author_id, a.title, a.text,
       array_to_tsvector(string_to_array(a.keys, ' ') || coalesce(
           (SELECT array_agg(stem) FROM unnest(string_to_array(nullif(a.plain, ''), ' ')) w(word),
               unnest(ts_lexize('english_stem', word)) stem), '{}')),
       a.kept, a.useful, a.is_proof, a.price_minor, a.place, a.made_at, a.facts
FROM unnest(%s::text[], %s::bigint[], %s::int[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::int[], %s::int[],
            %s::boolean[], %s::bigint[], %s::text[], %s::timestamptz[], %s::text[])
    AS a(kind, object_id, audience, circle_id, author_id, title, text, keys, plain, kept, useful, is_proof, price_minor, place, made_at, facts)
ON CONFLICT (kind, object_id) DO UPDATE SET audience = excluded.audience, circle_id = excluded.circle_id, author_id = excluded.author_id,
    title = excluded.title, text = excluded.text, keys = excluded.keys, kept = excluded.kept, useful = excluded.useful, is_proof = excluded.is_proof,
    price_minor = excluded.price_minor, place = excluded.place, made_at = excluded.made_at, facts = excluded.facts
"""

GONE = """DELETE FROM searching_entry WHERE object_id = ANY(%(ids)s::bigint[]) AND kind = ANY(%(kinds)s)
    AND NOT (object_id = ANY(%(there)s::bigint[]))"""


def catch_up(most: int = BEFORE_A_SEARCH) -> int:
    """Read again what changed since; answers how many changes were read. Cheap when there is nothing."""
    if not planned.rows("SELECT FROM searching_stale LIMIT 1"):
        return 0
    with transaction.atomic():
        taken = planned.rows(TAKE, {"most": most})
        changed: dict[str, set[int]] = defaultdict(set)
        for group, object_id in taken:
            changed[group].add(object_id)
        for group in sorted(changed):
            _read_again(group, sorted(changed[group]))
    return len(taken)


def catch_up_all() -> int:
    """Until nothing is left that changed."""
    done = 0
    while found := catch_up(AT_ONCE):
        done += found
    return done


CLEAR = """DELETE FROM searching_change WHERE id IN (SELECT id FROM searching_change ORDER BY id DESC OFFSET %(most)s
    FOR UPDATE SKIP LOCKED) RETURNING id"""


def forget_changes(most: int = 50) -> int:
    """All but the newest numbers of what changed; answers how many went."""
    return len(planned.rows(CLEAR, {"most": most}))


def rebuild(*, told: Callable[[int, int], None] = lambda done, of: None) -> int:
    """Make every entry anew, `AT_ONCE` at a time, while people search; told: hears how far it is. Answers how many things were read."""
    spans = {group: _span(table) for group, table in facts.TABLES.items()}
    total, done = sum(last for last in spans.values()), 0
    for group, last in spans.items():
        for ids in batched(range(1, last + 1), AT_ONCE):
            with transaction.atomic():
                _read_again(group, list(ids))
            done += len(ids)
            told(done, total)
    return done


def _span(table: str) -> int:
    return int(planned.value(f"SELECT coalesce(max(id), 0) FROM {table}"))


def _read_again(group: str, ids: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(facts.of(group, "p.id = ANY(%s::bigint[])") + " ORDER BY f.object_id", [list(ids)])
        found = cursor.fetchall()
        there = [row[1] for row in found]
        kinds = list(POSTS) if group == "post" else [group]
        cursor.execute(GONE, {"ids": list(ids), "kinds": kinds, "there": there})
        if found:
            cursor.execute(STORE, [list(column) for column in zip(*map(_entry, found), strict=True)])


def _entry(row: Sequence[Any]) -> tuple[Any, ...]:
    (
        kind,
        object_id,
        audience,
        circle_id,
        author_id,
        title,
        rest,
        kept,
        useful,
        is_proof,
        price_minor,
        place,
        made_at,
        mark,
    ) = row
    name, text = fold(title), fold(f"{title} {rest}")
    more = title_keys(name) if kind in POSTS else name_keys(name)
    keys = distinct([*text_keys(text), *more])
    return (
        kind, object_id, audience, circle_id, author_id, name, text, " ".join(keys), " ".join(_english(text)), kept, useful,
        is_proof, price_minor, place, made_at, mark,
    )  # fmt: skip


def _english(text: str) -> Iterable[str]:
    return sorted(plain_words(text))
