"""A receiver on this machine, with a life of its own, and a memory that starts afresh."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from quanzi.faces.webhooks import memory


class Receiver(ThreadingHTTPServer):
    """Keeps what came: (headers, body). status, wait_s, answer: how it answers."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.came: list[tuple[dict[str, str], bytes]] = []
        self.status, self.wait_s, self.answer, self.headers = 200, 0.0, b"thanks", dict[str, str]()
        self.open = self.most_open = 0
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hooks"

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.came]


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        mine = self.server
        with mine.lock:
            mine.open += 1
            mine.most_open = max(mine.most_open, mine.open)
        body = self.rfile.read(int(self.headers["content-length"]))
        time.sleep(mine.wait_s)
        with mine.lock:
            mine.open -= 1
            mine.came.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(mine.status)
        for name, value in mine.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(mine.answer)))
        self.end_headers()
        self.wfile.write(mine.answer)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def receivers(settings: Any) -> Iterator[list[Receiver]]:
    """Three of them, which the server's settings let it speak to."""
    made = [Receiver() for _ in range(3)]
    threads = [threading.Thread(target=one.serve_forever, args=(0.02,)) for one in made]
    for thread in threads:
        thread.start()
    settings.WEBHOOKS_INSIDE = frozenset(("127.0.0.1", one.server_port) for one in made)
    yield made
    for one, thread in zip(made, threads, strict=True):
        one.shutdown()
        thread.join()
        one.server_close()


@pytest.fixture
def receiver(receivers: list[Receiver]) -> Receiver:
    return receivers[0]


@pytest.fixture(autouse=True)
def _fresh_memory() -> Iterator[None]:
    memory.forget()
    yield
    memory.forget()
