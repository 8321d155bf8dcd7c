"""Records shared among processes by thing, so that two never sell the same goods or count the same limit.

Worker 0 also closes launches whose hour has passed; the last one also delivers events. Each does so between its
records, outside any transaction, so that nobody waits for a lock while holding one.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.process import BaseProcess

from django.db import connection, connections

from quanzi.base.events.services import deliver_pending
from quanzi.growth.importing.clock import moment
from quanzi.growth.importing.errors import WorkerLost
from quanzi.growth.importing.log import Log, Record
from quanzi.growth.importing.models import ImportRun
from quanzi.growth.importing.replaying import Replayer
from quanzi.kernel import clock
from quanzi.trade.deals.services import fail_due

CHORES_EVERY = 50
LOOK_EVERY_SECONDS = 0.2

Tick = Callable[[int], None]


def replay_alone(run: ImportRun, records: Iterable[Record], tick: Tick) -> None:
    """Replay in this process; tick(count) is called after each record."""
    _replay(run, records, tick, closes=True, delivers=True)


def replay_together(run: ImportRun, log: Log, left: set[int], limit: int, workers: int, tick: Tick) -> None:
    """Replay the records whose number is in `left`; tick(count) is called now and then with how many more are done.

    Raises WorkerLost, after the others have stopped, when one ends before its work does.
    """
    processes = multiprocessing.get_context("fork")
    done = processes.RawArray("q", workers)  # a place for each worker, written by it alone
    reasons = processes.SimpleQueue()

    def work(share: int) -> None:
        mine = (one for one in log.records(limit) if one.number in left and int(one.item) % workers == share)

        def count(more: int) -> None:
            done[share] += more

        try:
            _settle_in()
            _replay(run, mine, count, closes=share == 0, delivers=share == workers - 1, parent=os.getppid())
        except Exception as trouble:
            reasons.put(f"{type(trouble).__name__}: {trouble}".strip())
            raise SystemExit(1) from trouble

    connections.close_all()  # a connection is never shared with a child
    children = [processes.Process(target=work, args=(share,), daemon=True) for share in range(workers)]
    for child in children:
        child.start()
    try:
        _watch(children, lambda: sum(done[:]), tick)
    finally:
        for child in children:
            child.terminate()
            child.join()
    if not reasons.empty():
        raise WorkerLost(reason=reasons.get())
    if any(child.exitcode for child in children):
        raise WorkerLost(reason="it was stopped")


def _settle_in() -> None:
    """A session of its own, so that Ctrl-C reaches whoever started the work, and only that one ends it.

    A worker says the same few hundred statements all day: the server plans them once, and garbage is looked for rarely.
    """
    os.setsid()
    connection.settings_dict["OPTIONS"] = connection.settings_dict["OPTIONS"] | {
        "server_side_binding": True,
        "prepare_threshold": 5,
    }
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _watch(children: Sequence[BaseProcess], total: Callable[[], int], tick: Tick) -> None:
    """Pass on how many more are done, until all have ended or one has failed."""
    seen = 0
    alive = True
    while alive and not any(child.exitcode for child in children):
        time.sleep(LOOK_EVERY_SECONDS)
        alive = any(child.is_alive() for child in children)
        now = total()
        tick(now - seen)
        seen = now


def _replay(
    run: ImportRun, records: Iterable[Record], tick: Tick, *, closes: bool, delivers: bool, parent: int | None = None
) -> None:
    replayer = Replayer(run)
    with light_transactions():
        for count, record in enumerate(records, start=1):
            if parent is not None and os.getppid() != parent:
                return  # whoever started this is gone; the next run goes on
            replayer.replay(record)
            tick(1)
            if count % CHORES_EVERY == 0:
                if closes:
                    close_due(record.number)
                if delivers:
                    deliver_pending(now=clock.now())


def close_due(number: int) -> None:
    """Fail the launches whose time is over at the moment of a record, and give everything back."""
    while fail_due(moment(number)):
        continue


@contextmanager
def light_transactions() -> Iterator[None]:
    """For a while, no savepoints and no waiting for the disk on this connection.

    A record is replayed whole or not at all, so nothing inside it needs a point to go back to: whatever is refused takes
    the record's transaction along. After a power cut the last moments are missing, records and progress alike.
    """
    connection.ensure_connection()
    connection.features.uses_savepoints = False
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
        yield
    finally:
        connection.features.uses_savepoints = True
        if connection.connection is not None and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("RESET synchronous_commit")
