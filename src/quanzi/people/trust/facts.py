"""What is known about pairs of people, counted from their live ties."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from quanzi.base import planned


@dataclass(frozen=True, slots=True)
class PairFacts:
    """Live ties from one person to another. counts: by kind; label: the source's own word; since: the first fact;
    invited: whether the source invited the target; hidden: the source keeps the tie to themselves; is_used: the source lets things
    be recommended through it."""

    source_id: int
    target_id: int
    counts: dict[str, int]
    label: str
    since: datetime
    invited: bool
    hidden: bool
    is_used: bool


def facts_between(pairs: Iterable[tuple[int, int]], *, now: datetime) -> dict[tuple[int, int], PairFacts]:
    """Facts of each pair that has any, in one query."""
    ordered = sorted(set(pairs))
    if not ordered:
        return {}
    rows = planned.rows(
        """SELECT p.source_id, p.target_id, t.kind, count(*), max(t.label) FILTER (WHERE t.label <> ''),
                      min(t.made_at), bool_or(t.evidence = 'invited_by:' || p.source_id), bool_or(t.hidden), bool_and(t.is_used)
               FROM unnest(%s::bigint[], %s::bigint[]) AS p(source_id, target_id)
               JOIN trust_tie t ON t.source_id = p.source_id AND t.target_id = p.target_id
                    AND t.withdrawn_at IS NULL AND t.made_at <= %s
               GROUP BY p.source_id, p.target_id, t.kind""",
        [[one for one, _ in ordered], [other for _, other in ordered], now],
    )
    grouped: dict[tuple[int, int], list[tuple[object, ...]]] = {}
    for row in rows:
        grouped.setdefault((row[0], row[1]), []).append(row)
    return {pair: _pair(pair, kinds) for pair, kinds in grouped.items()}


def _pair(pair: tuple[int, int], kinds: list[tuple[object, ...]]) -> PairFacts:
    counts = {str(row[2]): int(str(row[3])) for row in kinds}
    label = next((str(row[4]) for row in kinds if row[4]), "")
    since = min(row[5] for row in kinds if isinstance(row[5], datetime))
    return PairFacts(
        *pair,
        counts,
        label,
        since,
        any(row[6] for row in kinds),
        any(row[7] for row in kinds),
        all(row[8] for row in kinds),
    )
