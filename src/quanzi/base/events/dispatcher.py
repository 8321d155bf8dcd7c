"""The loop that delivers events soon after their commit."""

import logging
import threading

import psycopg
from django.db import DatabaseError, connection

from quanzi.base.events.delivery import deliver_pending

log = logging.getLogger(__name__)

CHANNEL = "quanzi_outbox"
POLL_SECONDS = 1.0
BATCH = 500
GATHER_SECONDS = 0.05
"""An order seldom comes alone on a busy day: what is announced within this time is delivered together."""


class Dispatcher:
    """Wakes on NOTIFY and at least once a second, until `stop` is set. Any number may run at once."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop

    def run(self) -> None:
        """Deliver until stopped; a lost database is waited for, not died of."""
        while not self._stop.is_set():
            try:
                self._listen_and_deliver()
            except (DatabaseError, psycopg.Error) as error:
                log.warning(
                    "The outbox lost its database (%s); trying again.",
                    type(error).__name__,
                )
                connection.close()
                self._stop.wait(POLL_SECONDS)
        connection.close()

    def _listen_and_deliver(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        while not self._stop.is_set():
            # A full batch means that more waits; anything undelivered but touched has its own due time.
            while deliver_pending(limit=BATCH) == BATCH and not self._stop.is_set():
                continue
            self._wait()

    def _wait(self) -> None:
        """Sleep until somebody records an event, a second passes, or the connection breaks."""
        raw = connection.connection
        for _ in raw.notifies(timeout=POLL_SECONDS, stop_after=1):
            self._stop.wait(GATHER_SECONDS)
        for _ in raw.notifies(timeout=0):  # heard, and looked for next
            pass
