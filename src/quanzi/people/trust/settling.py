"""Ties made from the facts of other rooms: one at the moment of its fact, or all of them anew, by the same statement."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import connection, transaction

from quanzi.people.trust.ports import Deeds, all_deeds

# What stands in the facts and not among the ties. Whoever took a tie back is not tied again by what they do (record_ties).
MAKE = """
INSERT INTO trust_tie (source_id, target_id, kind, evidence, label, hidden, made_at, withdrawn_at)
SELECT f.source_id, f.target_id, %(kind)s, %(word)s || ':' || f.about, '', false, f.made_at,
       CASE WHEN trust_is_withdrawn(f.source_id, f.target_id) THEN f.made_at END
FROM ({facts}) AS f(about, source_id, target_id, made_at)
WHERE f.source_id <> f.target_id AND NOT EXISTS (
    SELECT FROM trust_tie t WHERE t.source_id = f.source_id AND t.target_id = f.target_id AND t.kind = %(kind)s
        AND t.evidence = %(word)s || ':' || f.about)
ORDER BY 1, 2, 4
ON CONFLICT DO NOTHING
"""

# What stands among the ties and is no fact any more: goods went back, words were taken back. What people withdrew themselves stays so.
UNMAKE = """
WITH fact AS MATERIALIZED ({facts})
DELETE FROM trust_tie t
WHERE t.kind = %(kind)s AND t.withdrawn_at IS NULL AND {among}
  AND NOT EXISTS (SELECT FROM fact AS f(about, source_id, target_id, made_at)
                  WHERE f.source_id = t.source_id AND f.target_id = t.target_id AND %(word)s || ':' || f.about = t.evidence)
"""

ALL = "split_part(t.evidence, ':', 1) <> ALL(%(others)s)"
"""What other deeds of the same kind tie is theirs; what none of them says is nobody's fact any more."""

SOME = "t.kind IN ('helped', 'replied', 'kept_advice') AND t.evidence = ANY(%(evidence)s)"

PEOPLE_AFTER = """SELECT id FROM accounts_member WHERE id > %s AND (
        EXISTS (SELECT FROM trust_tie t WHERE t.source_id = accounts_member.id)
        OR EXISTS (SELECT FROM trust_edge e WHERE e.source_id = accounts_member.id)) ORDER BY id LIMIT %s"""

COUNT_OF = """SELECT count(*), trust_count(array_agg(source_id), array_agg(target_id)) FROM (
    SELECT source_id, target_id FROM trust_tie WHERE source_id BETWEEN %(first)s AND %(last)s AND withdrawn_at IS NULL
    UNION SELECT source_id, target_id FROM trust_edge WHERE source_id BETWEEN %(first)s AND %(last)s) AS p"""

Told = Callable[[str, int], object]
"""Hears what was just done (a kind of tie, or "edges") and how many rows or people it was."""


@transaction.atomic
def settle(*, deeds: Deeds, about: Iterable[int]) -> int:
    """Make the ties of some facts what the facts are now: what happened is tied, what is no fact any more is not. Returns the new ones."""
    ids = sorted(set(about))
    return _settle(deeds, ids) if ids else 0


def rebuild(*, told: Told = lambda what, count: None) -> int:
    """Make all ties that come from deeds anew from their facts, and count every pair anew; returns how many pairs.

    What people declared (family, friend, follow, invitation) and what they withdrew, hid or left out are facts of this room and stay.
    """
    for deeds in all_deeds():
        with transaction.atomic():
            told(deeds.kind, _settle(deeds, None))
    return count_all(told=told)


def count_all(*, at_once: int = 500, told: Told = lambda what, count: None) -> int:
    """Count what every pair comes to anew, so many people in a transaction; returns how many pairs.

    The shop may go on meanwhile: each pair takes turns with whoever writes about it.
    """
    pairs, last = 0, 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(PEOPLE_AFTER, [last, at_once])
            ids = [row[0] for row in cursor.fetchall()]
            if not ids:
                return pairs
            cursor.execute(COUNT_OF, {"first": ids[0], "last": ids[-1]})
            pairs, last = pairs + cursor.fetchone()[0], ids[-1]
        told("edges", len(ids))


def _settle(deeds: Deeds, ids: list[int] | None) -> int:
    facts = deeds.of(some=ids is not None)
    values = {
        "kind": deeds.kind, "word": deeds.word, "about": ids, "evidence": [f"{deeds.word}:{one}" for one in ids or ()],
        "others": [one.word for one in all_deeds() if one.kind == deeds.kind and one.word != deeds.word],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(MAKE.format(facts=facts), values)
        made = int(cursor.rowcount)
        cursor.execute(UNMAKE.format(facts=facts, among=ALL if ids is None else SOME), values)
        return made
