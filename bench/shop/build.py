"""Fills an empty database, and says whether one is there already."""

from __future__ import annotations

import time
from pathlib import Path

from django.db import connection
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench.shop import defaults
from bench.shop.plan import STEPS, Step
from bench.shop.sizes import Sizes, at
from quanzi.growth.searching.indexing import rebuild
from quanzi.kernel import clock

CHUNK = 10_000
COUNTED = ("prices", "orders", "reservations", "releases in the books", "posts")
"""Steps after which the planner learns how large the tables are now."""
WRITTEN = {"transactions": "ledger_transaction", "audit_rows": "audit_auditentry"}
"""What is counted when it has been written."""
FRESH_DAYS = 14
"""Teams stay open for 29 days; a shop older than this is built anew."""


def is_built(*, seed: int, scale: float) -> bool:
    """Whether this database holds such a shop already, and it is fresh."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('bench.facts') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute(
            "SELECT 1 FROM bench.facts WHERE seed = %s AND scale = %s AND built_at > now() - make_interval(days => %s)",
            [seed, scale, FRESH_DAYS],
        )
        return cursor.fetchone() is not None


def build(*, seed: int, scale: float, console: Console) -> float:
    """Write everything; returns seconds. Foreign keys and guards sleep meanwhile: run the doctor on the result."""
    sizes, started = at(scale), time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute((Path(__file__).parent / "helpers.sql").read_text(encoding="utf-8"))
        cursor.execute("SELECT set_config('bench.seed', %s, false)", [str(seed)])
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off; SET work_mem = '128MB'")
        with _bar(console) as bar, defaults.of_the_models(cursor):
            _fill(cursor, sizes, bar)
        cursor.execute("SET session_replication_role = origin; SET synchronous_commit = on; RESET work_mem")
        _settle(cursor)
        rebuild()
        cursor.execute("VACUUM ANALYZE searching_entry")
        cursor.execute("INSERT INTO bench.facts VALUES (%s, %s, now())", [seed, scale])
    return time.monotonic() - started


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description:>24}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    )


def _fill(cursor, sizes: Sizes, bar: Progress) -> None:
    params = {**sizes.params(), "now": clock.now(), "one": 1, "all_orders": sizes.orders + 2 * sizes.teams}
    whole = bar.add_task("whole shop", total=len(STEPS))
    for step in STEPS:
        count = _count(cursor, step, params)
        task = bar.add_task(step.title, total=count)
        for first in range(1, count + 1, CHUNK):
            last = min(first + CHUNK - 1, count)
            cursor.execute(step.sql, {**params, "first": first, "last": last})
            bar.update(task, completed=last)
        bar.remove_task(task)
        if step.title in COUNTED:
            cursor.execute("ANALYZE")
        bar.advance(whole)


def _count(cursor, step: Step, params: dict) -> int:
    """How many numbers a step has; of what was just written, what is there."""
    if step.per == "pairs":
        cursor.execute(
            "DELETE FROM bench.pairs WHERE id >= (SELECT id FROM bench.pairs ORDER BY id OFFSET %s LIMIT 1)",
            [params["ties"] // 2],
        )
        cursor.execute("SELECT coalesce(max(id), 0) FROM bench.pairs")
        return cursor.fetchone()[0]
    if step.per in WRITTEN:
        cursor.execute(f"SELECT coalesce(max(id), 0) FROM {WRITTEN[step.per]}")
        return cursor.fetchone()[0]
    return params[step.per] * step.times


BALANCES = """
INSERT INTO ledger_balance (account_id, balance_minor) SELECT account_id, sum(amount_minor) FROM ledger_entry GROUP BY account_id
"""

SEQUENCES = """
SELECT pg_get_serial_sequence(quote_ident(table_name), column_name), quote_ident(table_name), quote_ident(column_name)
FROM information_schema.columns WHERE table_schema = 'public' AND is_identity = 'YES'
"""


def _settle(cursor) -> None:
    """Sums of the books, sequences behind the ids that were given, statistics for the planner."""
    cursor.execute(BALANCES)
    cursor.execute(SEQUENCES)
    for sequence, table, column in cursor.fetchall():
        cursor.execute(f"SELECT setval(%s, greatest((SELECT max({column}) FROM {table}), 1))", [sequence])
    cursor.execute("DROP TABLE bench.pairs")
    cursor.execute("VACUUM ANALYZE")
