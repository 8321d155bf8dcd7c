"""`quanzi worker`: background jobs and the delivery of events."""

from __future__ import annotations

import signal
import threading
from types import FrameType

import click

from quanzi.site.cli.shop import open_shop


@click.command()
def worker() -> None:
    """Run the background worker: jobs, periodic tasks, and the delivery of events. Stops on SIGTERM or Ctrl-C.

    `quanzi run` starts one by itself; more may run beside it, also on other machines with the same DATABASE_URL.
    """
    open_shop()
    work(_stop_on_signals())


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    return stop


def work(stop: threading.Event) -> None:
    """Work until told to stop. When one half fails the other is stopped too, and the failure rises."""
    from quanzi.base.events.dispatcher import Dispatcher
    from quanzi.base.jobs.services import run_worker

    failures: list[BaseException] = []

    def deliver() -> None:
        try:
            Dispatcher(stop).run()
        except BaseException as failure:  # noqa: BLE001 - raised again by the main thread
            failures.append(failure)
            stop.set()

    thread = threading.Thread(target=deliver, name="dispatcher")
    thread.start()
    try:
        run_worker(stop)
    finally:
        stop.set()
        thread.join()
    if failures:
        raise failures[0]
