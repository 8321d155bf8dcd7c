"""Records shared among processes by thing, so that two never sell the same goods or count the same limit.

Each worker closes its own launches when their hour has passed, between its records: nobody waits for a lock while
holding one. Beside the workers a housekeeper delivers events.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import batched
from multiprocessing.process import BaseProcess

from django.db import connection

from quanzi.base.events.services import deliver_pending
from quanzi.growth.importing import replaying
from quanzi.growth.importing.errors import WorkerLost
from quanzi.growth.importing.log import Log, Record
from quanzi.growth.importing.models import ImportRun
from quanzi.growth.importing.replaying import Replayer
from quanzi.kernel import clock

LOOK_EVERY_SECONDS = 0.2

Tick = Callable[[int], None]

_of_parent: list[object] = []
"""Kept from being tidied away, which would end the parent's connection."""


def replay_alone(run: ImportRun, records: Iterable[Record], tick: Tick) -> None:
    """Replay in this process; tick(count) is called after each transaction."""
    with light_transactions():
        replayer = Replayer(run)
        for some in batched(records, replaying.TOGETHER):
            replayer.replay(some)
            tick(len(some))
            deliver_all()


def replay_together(run: ImportRun, log: Log, left: set[int], limit: int, workers: int, tick: Tick) -> None:
    """Replay the records whose number is in `left`; tick(count) is called now and then with how many more are done.

    Raises WorkerLost, after the others have stopped, when one ends before its work does.
    """
    processes = multiprocessing.get_context("fork")
    done = processes.RawArray("q", workers)  # records by worker; each writes its own place
    reasons = processes.SimpleQueue()
    parent = os.getpid()

    def work(share: int) -> None:
        replayer = Replayer(run)
        mine = (one for one in log.records(limit) if one.number in left and int(one.item) % workers == share)
        for some in batched(mine, replaying.TOGETHER):
            if os.getppid() != parent:
                return  # whoever started this is gone; the next run goes on
            replayer.replay(some)
            done[share] += len(some)

    def keep_house() -> None:
        while os.getppid() == parent:
            if not deliver_pending(now=clock.now()):
                time.sleep(LOOK_EVERY_SECONDS)

    def settled(job: Callable[[], None]) -> None:
        try:
            _settle_in()
            with light_transactions():
                job()
        except Exception as trouble:
            reasons.put(f"{type(trouble).__name__}: {trouble}".strip())
            raise SystemExit(1) from trouble

    jobs = [partial(work, share) for share in range(workers)]
    children = [processes.Process(target=settled, args=(job,), daemon=True) for job in jobs]
    housekeeper = processes.Process(target=settled, args=(keep_house,), daemon=True)
    for child in (*children, housekeeper):
        child.start()
    try:
        _watch(children, housekeeper, lambda: sum(done[:]), tick)
    finally:
        for child in (*children, housekeeper):
            child.terminate()
            child.join()
    if not reasons.empty():
        raise WorkerLost(reason=reasons.get())
    if any(child.exitcode for child in children):
        raise WorkerLost(reason="it was stopped")


def _settle_in() -> None:
    """A session of its own, so that Ctrl-C reaches whoever started the work, and only that one ends it.

    Garbage is looked for rarely.
    """
    os.setsid()
    # The parent goes on with its connection, and with the mark that it imports alone: a worker makes one of its own.
    _of_parent.append(connection.connection)
    connection.connection = None
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _watch(workers: Sequence[BaseProcess], housekeeper: BaseProcess, total: Callable[[], int], tick: Tick) -> None:
    """Pass on how many more are done, until all workers have ended or somebody has failed."""
    seen = 0
    alive = True
    while alive and not any(child.exitcode for child in (*workers, housekeeper)):
        time.sleep(LOOK_EVERY_SECONDS)
        alive = any(child.is_alive() for child in workers)
        now = total()
        tick(now - seen)
        seen = now


def deliver_all() -> None:
    """Let every event reach its readers."""
    while deliver_pending(now=clock.now()):
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
