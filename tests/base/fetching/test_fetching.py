"""Requests to addresses that somebody typed reach the open internet and nothing else."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from quanzi.base import fetching
from quanzi.base.fetching import FetchFailed, ForbiddenAddress, Limits, TooMuch, fetch
from quanzi.base.fetching.fetching import is_public


class Stranger(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        seen.append((self.path, self.headers["Host"]))
        if self.path == "/big":
            self._answer(200, b"x" * 5_000)
        elif self.path == "/packed":
            self._answer(200, gzip.compress(b"x" * 5_000), {"Content-Encoding": "gzip"})
        elif self.path == "/slow":
            self.send_response(200)
            self.end_headers()
            for _ in range(20):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.1)
        elif self.path.startswith("/to/"):
            self._answer(302, b"", {"Location": self.path.removeprefix("/to/")})
        elif self.path == "/round":
            self._answer(302, b"", {"Location": "/round"})
        else:
            self._answer(200, b"hello", {"Content-Type": "text/plain"})

    def do_POST(self) -> None:
        seen.append((self.path, self.rfile.read(int(self.headers["Content-Length"])).decode()))
        self._answer(302, b"", {"Location": "/elsewhere"})

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Quiet."""


seen: list[tuple[str, str]] = []


@pytest.fixture
def stranger() -> Iterator[int]:
    seen.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Stranger)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


def at_home(host: str, port: int) -> list[str]:
    """Every name but that of the inner network leads to this machine."""
    if host in ("inner.test", "127.0.0.1", "169.254.169.254"):
        raise ForbiddenAddress(field="url")
    return ["127.0.0.1"]


def asked(port: int, path: str, **limits: float) -> fetching.Answer:
    return fetch(
        f"http://shop.test:{port}{path}",
        limits=Limits(ports=(port,), **limits),
        resolve=at_home,  # type: ignore[arg-type]
    )


def test_the_pinned_address_is_asked_under_the_name_that_was_typed(stranger: int) -> None:
    answer = asked(stranger, "/a?b=c")
    assert (answer.status, answer.body, answer.headers["content-type"]) == (200, b"hello", "text/plain")
    assert seen == [("/a?b=c", f"shop.test:{stranger}")]


def test_a_name_is_resolved_once(stranger: int) -> None:
    calls: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        calls.append(host)
        return ["127.0.0.1"] if len(calls) == 1 else ["10.0.0.1"]

    fetch(f"http://shop.test:{stranger}/", limits=Limits(ports=(stranger,)), resolve=rebinding)
    assert calls == ["shop.test"]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://0.0.0.0/", "http://10.0.0.5/", "http://192.168.1.1/",
        "http://172.16.0.1/", "http://169.254.169.254/latest/meta-data", "http://[::ffff:127.0.0.1]/", "http://[fd00::1]/",
        "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/", "http://100.64.0.1/",
        "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://224.0.0.1/", "http://user:pw@8.8.8.8/", "ftp://8.8.8.8/",
        "file:///etc/passwd", "gopher://8.8.8.8/", "http://8.8.8.8:22/", "http:///x", "", "nonsense", "http://[::1", "//8.8.8.8/",
    ],
)  # fmt: skip
def test_inner_and_odd_addresses_are_refused_before_anything_is_sent(url: str) -> None:
    with pytest.raises((ForbiddenAddress, FetchFailed)) as refused:
        fetch(url)
    assert refused.value.code in ("forbidden_address", "fetch_failed")
    assert isinstance(refused.value, ForbiddenAddress) or "no such name" in refused.value.text


def test_a_name_with_one_inner_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 80)) for one in ("8.8.8.8", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: both)
    with pytest.raises(ForbiddenAddress):
        fetch("http://both.test/")


@pytest.mark.parametrize(
    ("address", "public"), [("8.8.8.8", True), ("2606:4700::1111", True), ("::", False), ("192.0.2.1", False)]
)
def test_what_is_public(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_redirects_are_looked_at_again_and_have_a_limit(stranger: int) -> None:
    assert asked(stranger, "/to//fine").body == b"hello"
    with pytest.raises(ForbiddenAddress):
        asked(stranger, f"/to/http://inner.test:{stranger}/secret")
    with pytest.raises(FetchFailed, match="redirects"):
        asked(stranger, "/round")
    assert not any(path == "/secret" for path, _ in seen)


def test_a_post_follows_no_redirect(stranger: int) -> None:
    answer = fetch(
        f"http://shop.test:{stranger}/hook",
        method="POST",
        content=b"{}",
        limits=Limits(ports=(stranger,)),
        resolve=at_home,
    )
    assert answer.status == 302 and seen == [("/hook", "{}")]


@pytest.mark.parametrize("path", ["/big", "/packed"])
def test_size_is_limited_as_unpacked(stranger: int, path: str) -> None:
    assert len(asked(stranger, path, most_bytes=5_000).body) == 5_000
    with pytest.raises(TooMuch):
        asked(stranger, path, most_bytes=4_999)


def test_time_is_limited_however_slowly_bytes_come(stranger: int) -> None:
    began = time.monotonic()
    with pytest.raises(TooMuch):
        asked(stranger, "/slow", seconds=0.5)
    assert time.monotonic() - began < 1.5


def test_nobody_there_is_a_refusal_not_a_crash() -> None:
    with pytest.raises(FetchFailed):
        asked(1, "/")
