"""Ties at their own sizes: how long a rebuild takes, what one new fact costs, how soon a way between two people is found."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from rich.console import Console
from rich.table import Table

from bench import home
from quanzi.kernel import clock

MEMBERS = """
INSERT INTO accounts_member (id, password, is_superuser, name, email, email_verified_at, bio, language, is_active, is_staff, staff_role,
    is_leader, is_demo, joined_at, confirmed_at)
SELECT n, '!bench', false, 'm' || n, 'm' || n || '@graph.example', now(), '', '', true, false, '', false, false, now(), now()
FROM generate_series(1, %(members)s) n
"""

# Four in five facts are between people who live near, in both directions; the rest follow somebody, a few of whom thousands follow.
TIES = """
INSERT INTO trust_tie (source_id, target_id, kind, label, evidence, made_at, hidden)
SELECT source, target, kind, '', 'bench:' || n, now() - make_interval(days => (n %% 700)::int), false
FROM generate_series(1, %(pairs)s) n,
    LATERAL (SELECT 1 + n %% %(members)s AS one, 1 + (n %% %(members)s + 1 + (random() * 300)::int) %% %(members)s AS other) AS p,
    LATERAL (SELECT (ARRAY['friend', 'bought_together', 'bought_together', 'invited', 'family'])[1 + n %% 5]) AS k(kind),
    LATERAL (VALUES (one, other), (other, one)) AS v(source, target)
WHERE one <> other
UNION ALL
SELECT one, other, 'follow', '', 'bench:follow:' || n, now(), false
FROM generate_series(1, %(follows)s) n,
    LATERAL (SELECT 1 + n %% %(members)s AS one, 1 + (power(random(), 4) * (%(members)s - 1))::int AS other) AS p
WHERE one <> other
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Outcome:
    """Milliseconds, but rebuild_s; times are those of the caller, one connection."""

    ties: int
    pairs: int
    rebuild_s: float
    fact: tuple[float, float]
    path: tuple[float, float]
    reach: tuple[float, float]


def measure(ties: int, *, times: int = 400) -> Outcome:
    """Fill an empty graph with about so many facts and try it."""
    from quanzi.people.trust import queries, reaching, services

    members = max(ties // 50, 100)
    _fill(ties, members)
    started = time.monotonic()
    pairs = services.count_all()
    rebuild_s = time.monotonic() - started
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE trust_edge")
        cursor.execute("SELECT count(*) FROM trust_tie")
        facts = cursor.fetchone()[0]
    chance, now = random.Random(1), clock.now()
    anybody = lambda: chance.randint(1, members)  # noqa: E731

    def near() -> int:
        found = queries.reach(anybody(), now, max_steps=2)
        return chance.choice(list(found)) if found else anybody()

    ends = [(anybody(), near() if number % 2 else anybody()) for number in range(times)]

    def walk(pair: tuple[int, int]) -> None:
        reaching.forget()
        queries.reach(pair[0], now)

    def fact(pair: tuple[int, int]) -> None:
        services.record_tie(
            source_id=pair[0], target_id=pair[1], kind="bought_together", evidence=f"team:{pair}", now=now
        )

    return Outcome(
        facts, pairs, rebuild_s, fact=_timed(fact, ends), path=_timed(lambda pair: queries.path(*pair, now), ends),
        reach=_timed(walk, ends[:60]),
    )  # fmt: skip


def run(sizes: list[int], console: Console, *, port: int) -> list[Outcome]:
    """Each size in turn, in a data folder of its own; prints the table with the growth from the smallest to the largest."""
    home.enter_named("graph", port=port)
    found = []
    for ties in sorted(sizes):
        found.append(measure(ties))
        console.print(f"{ties:,} ties measured.")
    table = Table(
        "ties", "pairs", "rebuild s", "fact ms p50 / p95", "path ms p50 / p95", "everybody ms p50 / p95", title="Trust"
    )
    for one in found:
        both = [f"{part[0]:.2f} / {part[1]:.2f}" for part in (one.fact, one.path, one.reach)]
        table.add_row(f"{one.ties:,}", f"{one.pairs:,}", f"{one.rebuild_s:.1f}", *both)
    console.print(table)
    return found


def _fill(ties: int, members: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        cursor.execute("TRUNCATE trust_edge, trust_tie; DELETE FROM accounts_member")
        cursor.execute(MEMBERS, {"members": members})
        cursor.execute(TIES, {"members": members, "pairs": ties * 2 // 5, "follows": ties // 5})
        cursor.execute("SET session_replication_role = origin; SET synchronous_commit = on")
        cursor.execute("VACUUM ANALYZE trust_tie; ")
        cursor.execute("ANALYZE accounts_member")


def _timed(act: Callable[[tuple[int, int]], object], pairs: list[tuple[int, int]]) -> tuple[float, float]:
    """The median and the 95th percentile, in milliseconds."""
    spent = []
    for pair in pairs:
        started = time.perf_counter()
        act(pair)
        spent.append((time.perf_counter() - started) * 1000)
    spent.sort()
    return spent[len(spent) // 2], spent[len(spent) * 95 // 100]


def spread(ties: int, seeds: int, console: Console) -> None:
    """Whom to ask among so many ties: a tenth as many people, a fifth of whom agreed, a few whom thousands listen to."""
    import resource

    import numpy as np

    from quanzi.growth.spread.cascade import by_steps, choose, graph_of

    random, people = np.random.default_rng(1), ties // 10
    first = random.integers(0, people, ties).astype(np.int32)
    other = (people * random.random(ties) ** 4).astype(np.int32)
    strength = random.random(ties).astype(np.float32)
    heard = graph_of(first, other, strength * np.float32(0.1), people)
    began = time.process_time()
    found, _ = choose(heard, random.random(people) < 0.2, seeds)
    chosen = time.process_time() - began
    by_steps(heard.turned(), found.chosen)
    forecast = time.process_time() - began - chosen
    console.print(
        f"{ties:,} ties: {seeds} seeds in {chosen:.1f} s of processor ({found.samples:,} samples, at least {found.guarantee:.0%} of the best), "
        f"forecast in {forecast:.1f} s, {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB at most",
        highlight=False,
    )
