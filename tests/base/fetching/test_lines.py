"""A line to a server that is known: kept between requests, never sent twice by itself."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from quanzi.base.fetching.lines import Line, NoAnswer


class Server(ThreadingHTTPServer):
    heard: list[tuple[str, str, bytes]]
    callers: set[int]
    left: threading.Semaphore
    hangs_up = False

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        self.left.release()


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.heard.append((self.command, self.path, body))
        self.server.callers.add(self.client_address[1])
        if self.path == "/silent":
            self.close_connection = True
            return
        self.send_response(302 if self.path == "/moved" else 200)
        self.send_header("X-Proof", "yes")
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"heard")
        self.close_connection = self.server.hangs_up

    do_GET = do_POST  # noqa: N815  # the library calls it so

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Answers) as found:
        found.heard, found.callers, found.left = [], set(), threading.Semaphore(0)
        thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield found
        found.shutdown()
        thread.join()


@pytest.fixture
def url(server: Server) -> str:
    return f"http://127.0.0.1:{server.server_port}"


def test_many_requests_share_a_connection(server: Server, url: str) -> None:
    line = Line(seconds=2)
    for body in (b"one", b"two", b""):
        answer = line.ask("POST", f"{url}/a?b=c", headers={"X-Name": "x"}, body=body)
        assert (answer.status, answer.body, answer.headers.get("x-proof")) == (200, b"heard", "yes")
    assert server.heard == [("POST", "/a?b=c", b"one"), ("POST", "/a?b=c", b"two"), ("POST", "/a?b=c", b"")]
    assert len(server.callers) == 1
    line.close()


def test_a_connection_that_the_server_left_is_not_used_again(server: Server, url: str) -> None:
    line = Line(seconds=2)
    server.hangs_up = True
    for _ in range(3):
        assert line.ask("GET", url, headers={}).status == 200
        assert server.left.acquire(timeout=5)
    assert len(server.callers) == len(server.heard) == 3
    line.close()


def test_what_is_not_answered_is_said_once(server: Server, url: str) -> None:
    with pytest.raises(NoAnswer):
        Line(seconds=2).ask("POST", f"{url}/silent", headers={}, body=b"pay")
    assert len(server.heard) == 1


def test_nobody_is_led_elsewhere(server: Server, url: str) -> None:
    line = Line(seconds=2)
    assert line.ask("GET", f"{url}/moved", headers={}).status == 302
    assert len(server.heard) == 1
    line.close()


def test_where_nobody_listens_nobody_answers() -> None:
    with pytest.raises(NoAnswer):
        Line(seconds=1).ask("GET", "http://127.0.0.1:9/", headers={})
