"""`quanzi worker`: background jobs and the delivery of events."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from types import FrameType

import click

from quanzi.site import home
from quanzi.site.cli.shop import open_shop
from quanzi.site.database.errors import DatabaseRefused
from quanzi.site.database.lease import hold

LOOK_SECONDS = 2.0


@click.command()
def worker() -> None:
    """Run the background worker: jobs, periodic tasks, and the delivery of events. Stops on SIGTERM or Ctrl-C.

    `quanzi run` starts one by itself; more may run beside it, also on other machines with the same DATABASE_URL.
    """
    open_shop()
    import quanzi.site.backup.tasks  # noqa: F401  (its periodic jobs register themselves)

    asked = _stop_on_signals()
    if work(asked):
        _start_afresh(asked)


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    return stop


def work(asked: threading.Event) -> bool:
    """Work until asked to stop (False) or until the database is lost (True). A failure of either half rises."""
    from quanzi.base.events.dispatcher import Dispatcher  # needs Django's settings
    from quanzi.base.jobs.services import run_worker

    stop = threading.Event()
    lost = threading.Event()
    failures: list[BaseException] = []

    def deliver() -> None:
        try:
            Dispatcher(stop).run()
        except BaseException as failure:  # noqa: BLE001 - raised again by the main thread
            failures.append(failure)
            stop.set()

    threads = [
        threading.Thread(target=deliver, name="dispatcher"),
        threading.Thread(target=_watch, args=(asked, stop, lost), name="watch"),
    ]
    for thread in threads:
        thread.start()
    try:
        run_worker(stop)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    if failures and not lost.is_set():
        raise failures[0]
    return lost.is_set()


def _watch(asked: threading.Event, stop: threading.Event, lost: threading.Event) -> None:
    """Stop the work when somebody asks for it or when the database goes away."""
    from django.db import DatabaseError, InterfaceError, connection

    looked_at = 0.0
    while not stop.wait(0.2):
        if asked.is_set():
            stop.set()
        if time.monotonic() - looked_at < LOOK_SECONDS:
            continue
        looked_at = time.monotonic()
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except (DatabaseError, InterfaceError):
            lost.set()
            stop.set()
    connection.close()


def _start_afresh(asked: threading.Event) -> None:
    """Become a new worker once the database is back: no thread then keeps a connection to the old server."""
    from django.db import OperationalError, connections

    print("The worker lost its database and waits for it.", file=sys.stderr, flush=True)
    while not asked.wait(0.5):
        try:
            hold(home.home())
            connections.close_all()
            connections["default"].ensure_connection()
        except (DatabaseRefused, OperationalError):
            continue
        os.execv(sys.executable, [sys.executable, "-m", "quanzi", "worker"])
