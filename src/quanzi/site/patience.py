"""Callers who send slowly: they may keep some threads of a web process waiting, never all of them.

A thread that reads a body waits as long as the caller likes; nothing in the server ends that. So at most half of the threads
wait for bodies, and whoever comes then is told to come again, while pages are answered as ever. What keeps writing
possible under such an attack is a proxy that takes the whole body in first: docs/operations.md.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable
from threading import BoundedSemaphore
from typing import Any

THREADS = "QUANZI_WEB_THREADS"
"""How many threads a web process has, told by whoever starts it."""

AT_ONCE = 64 * 1024
"""Bodies up to this many bytes are taken in before anything else; nearly all that a shop hears are smaller."""

WAIT_SECONDS = 0.2
BODILESS = ("GET", "HEAD", "OPTIONS", "TRACE")
BUSY = b"Too many are sending at once. Please try again in a moment.\n"

App = Callable[[dict[str, Any], Any], Iterable[bytes]]


def patient(app: App, *, threads: int | None = None) -> App:
    """The WSGI application with at most half of its threads (of `threads`, else of the surroundings) waiting for bodies."""
    places = BoundedSemaphore(max(1, (threads or int(os.environ.get(THREADS, "4"))) // 2))

    def guarded(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] in BODILESS or environ.get("CONTENT_LENGTH", "") == "0":
            return app(environ, start_response)
        if not places.acquire(timeout=WAIT_SECONDS):
            start_response("503 Service Unavailable", [("Content-Type", "text/plain"), ("Retry-After", "5")])
            return [BUSY]
        try:
            length = environ.get("CONTENT_LENGTH", "")
            if not (length.isdigit() and int(length) <= AT_ONCE):
                return app(environ, start_response)
            environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(int(length)))
        finally:
            places.release()
        return app(environ, start_response)

    return guarded
