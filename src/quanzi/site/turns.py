"""Pages that only read are answered by one thread of each web process, in the order in which they came.

Several threads that draw pages at once win nothing: they share one interpreter, wait for it after each statement, and each
brings a connection whose process has to be warmed, too. Measured on 2 cores with 32 connections, one thread draws a member's
listing 1.4 times as often as four, and the slowest page of a hundred comes in two thirds of the time.

Nobody waits for somebody slow: where the reader has been at one page for longer than PATIENCE, the others are answered in
the threads that heard them, as are all requests that write: those wait for the disk, and wait better side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from queue import SimpleQueue
from threading import Lock, Thread
from time import monotonic
from typing import Any

READING = ("GET", "HEAD")
PATIENCE = 0.05
"""Seconds that a page waits for its turn, and that the reader may be at one page while others come."""

App = Callable[[dict[str, Any], Any], Iterable[bytes]]


class _Page:
    """One request, from being asked to being answered."""

    __slots__ = ("_begun", "_environ", "answered", "body", "failure", "head")

    def __init__(self, environ: dict[str, Any]) -> None:
        self._environ = environ
        self._begun, self.answered = Lock(), Lock()
        self.answered.acquire()
        self.head: tuple[Any, ...] = ()
        self.body: Iterable[bytes] = ()
        self.failure: BaseException | None = None

    def begin(self) -> bool:
        """Whether the caller is the first to begin, and so the one to answer."""
        return self._begun.acquire(blocking=False)

    def answer(self, app: App) -> None:
        """What ends a request (connections, signals) happens here too, unless the body is made while it is sent."""
        try:
            response: Any = app(self._environ, self._hear)
            self.body = response
            if not getattr(response, "streaming", True):
                self.body = [response.content]
                response.close()
        except BaseException as failure:  # noqa: BLE001 - the thread that waits raises it; this one goes on
            self.failure = failure
        finally:
            self.answered.release()

    def _hear(self, *head: Any) -> None:
        self.head = head


class InTurn:
    """A WSGI application whose readings are answered one after the other."""

    def __init__(self, app: App, *, patience: float = PATIENCE) -> None:
        self._app = app
        self._patience = patience
        self._pages: SimpleQueue[_Page] = SimpleQueue()
        self._since: float | None = None
        self._reader: Thread | None = None
        self._hiring = Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in READING or self._is_held_up():
            return self._app(environ, start_response)
        if self._reader is None:
            self._hire()
        page = _Page(environ)
        self._pages.put(page)
        if not page.answered.acquire(timeout=self._patience):
            if page.begin():
                return self._app(environ, start_response)
            page.answered.acquire()
        if page.failure is not None:
            raise page.failure
        start_response(*page.head)
        return page.body

    def _is_held_up(self) -> bool:
        since = self._since
        return since is not None and monotonic() - since > self._patience

    def _hire(self) -> None:
        """Late: a thread does not survive the fork of a server that loads the application first."""
        with self._hiring:
            if self._reader is None:
                self._reader = Thread(target=self._read, name="reader", daemon=True)
                self._reader.start()

    def _read(self) -> None:
        while True:
            page = self._pages.get()
            if page.begin():
                self._since = monotonic()
                page.answer(self._app)
                self._since = None
