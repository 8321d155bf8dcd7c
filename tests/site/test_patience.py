"""Callers who send slowly, or nonsense, to the real server: others are answered meanwhile."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

APP = """
from quanzi.site.patience import patient

def answer(environ, start_response):
    said = environ["wsgi.input"].read() if environ["REQUEST_METHOD"] == "POST" else b""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"heard %d" % len(said)]

application = patient(answer, threads=4)
careless = answer
"""


GET = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc"


def serve(folder: Path, name: str) -> Iterator[int]:
    (folder / "slow_shop.py").write_text(APP)
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", "1"),
        *(
            "--blocking-threads",
            "4",
            "--http1-header-read-timeout",
            "1000",
            "--log-level",
            "critical",
            f"slow_shop:{name}",
        ),
    ]
    with subprocess.Popen(command, cwd=folder, start_new_session=True) as server:
        try:
            until = time.monotonic() + 20
            while time.monotonic() < until and not ask(port, GET):
                time.sleep(0.05)
            yield port
        finally:
            os.killpg(server.pid, signal.SIGKILL)  # threads that wait for bodies would hold up a polite end


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    yield from serve(tmp_path_factory.mktemp("patient"), "application")


@pytest.fixture(scope="module")
def careless_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    yield from serve(tmp_path_factory.mktemp("careless"), "careless")


def ask(port: int, sent: bytes, *, seconds: float = 5) -> bytes:
    """The beginning of the answer; empty when there is none in time."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
            connection.sendall(sent)
            return connection.recv(200)
    except OSError:
        return b""


def slow_senders(port: int, count: int) -> list[socket.socket]:
    opened = []
    for _ in range(count):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\na")
        opened.append(connection)
    time.sleep(0.5)  # so that the server has taken all of them up
    return opened


def test_bodies_that_do_not_come_leave_pages_to_everybody_else(port: int) -> None:
    senders = slow_senders(port, 12)
    try:
        assert b"200 OK" in ask(port, GET)
        assert b"503" in ask(port, POST)
    finally:
        for one in senders:
            one.close()
    until = time.monotonic() + 10
    while b"heard 3" not in (answer := ask(port, POST)) and b"200 OK" not in answer:
        assert time.monotonic() < until, "the places of those who left were not given back"
        time.sleep(0.05)


def test_without_that_guard_the_same_callers_stop_everybody(careless_port: int) -> None:
    senders = slow_senders(careless_port, 12)
    assert ask(careless_port, GET, seconds=1) == b""
    for one in senders:
        one.close()


def test_headers_that_do_not_come_end_the_connection(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n")
        assert b"200" not in connection.recv(200)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 600_000 + b"\r\n\r\n", b"431"),
        (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"".join(b"X%d: a\r\n" % n for n in range(3_000)) + b"\r\n", b"431"),
        (b"GET /?" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", b"414"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n012345", b"400"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n folded\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX : a\r\n\r\n", b"400"),
    ],
    ids=["large header", "many headers", "long address", "two lengths", "negative length", "folded", "nul", "blank"],
)
def test_messages_that_proxies_might_read_otherwise_are_refused(port: int, sent: bytes, status: bytes) -> None:
    assert ask(port, sent).startswith(b"HTTP/1.1 " + status)


def test_a_message_with_a_length_and_chunks_is_one_message(port: int) -> None:
    sent = (
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
        connection.sendall(sent)
        seen = b""
        try:
            while block := connection.recv(4096):
                seen += block
        except TimeoutError:
            pass
    # As RFC 9112 says: chunks win, the length is dropped, and what follows the last chunk is the next message.
    assert b"heard 0" in seen or b"HTTP/1.1 400" in seen
