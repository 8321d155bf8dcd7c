"""Requests to one server that the operator named, over connections that are kept.

Few words for each request: where all that is wanted is an answer of a known server, a client library costs more than the
server's work. No proxy from the environment and no redirects: keys speak to one address only.
"""

from __future__ import annotations

import http.client
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from select import POLLIN, poll
from urllib.parse import urlsplit

from django.utils.datastructures import CaseInsensitiveMapping

CONNECT_SECONDS = 2.0
MOST_KEPT = 16


class NoAnswer(Exception):
    """Nobody answered, or not in time; whether the request was heard is not known."""


@dataclass(frozen=True)
class Heard:
    """headers: by name, in any spelling."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Line:
    """seconds: how long an answer may stay silent."""

    def __init__(self, *, seconds: float) -> None:
        self.seconds = seconds
        self._idle: dict[str, list[http.client.HTTPConnection]] = {}
        self._lock = threading.Lock()

    def ask(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes = b"") -> Heard:
        """Sent once, never again by itself. Raises NoAnswer."""
        server, _, target = url.partition("://")[2].partition("/")
        scheme = urlsplit(url).scheme
        connection = self._kept(f"{scheme}://{server}")
        try:
            connection = connection or self._new(scheme, server)
            connection.request(method, f"/{target}", body or None, dict(headers))
            answer = connection.getresponse()
            heard = Heard(answer.status, CaseInsensitiveMapping(answer.headers.items()), answer.read())
        except (OSError, http.client.HTTPException) as error:
            if connection is not None:
                connection.close()
            raise NoAnswer(type(error).__name__) from error
        if not answer.will_close:
            self._keep(f"{scheme}://{server}", connection)
        else:
            connection.close()
        return heard

    def close(self) -> None:
        """Hang up where nobody is speaking."""
        with self._lock:
            idle, self._idle = self._idle, {}
        for connection in (one for kept in idle.values() for one in kept):
            connection.close()

    def _new(self, scheme: str, server: str) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
        connection = kind(server, timeout=min(CONNECT_SECONDS, self.seconds))
        connection.connect()
        connection.sock.settimeout(self.seconds)
        return connection

    def _kept(self, server: str) -> http.client.HTTPConnection | None:
        """An idle connection that is still open: one that says something now was closed by the other side."""
        while True:
            with self._lock:
                idle = self._idle.get(server)
                connection = idle.pop() if idle else None
            if connection is None or not _speaks(connection):
                return connection
            connection.close()

    def _keep(self, server: str, connection: http.client.HTTPConnection) -> None:
        with self._lock:
            idle = self._idle.setdefault(server, [])
            if len(idle) < MOST_KEPT:
                idle.append(connection)
                return
        connection.close()


def _speaks(connection: http.client.HTTPConnection) -> bool:
    looking = poll()
    looking.register(connection.sock, POLLIN)
    return bool(looking.poll(0))
