"""Readings in turn: who answers them, in what order, and that nobody waits for somebody slow."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Lock, current_thread
from typing import Any

import pytest
from django.core.signals import request_finished
from django.http import HttpResponse, StreamingHttpResponse

from quanzi.site.turns import InTurn


def ask(app: Any, path: str = "/", method: str = "GET") -> tuple[list[Any], bytes]:
    """Status and headers, and the body, as a server hears them."""
    head: list[Any] = []
    body = app({"REQUEST_METHOD": method, "PATH_INFO": path}, lambda *said: head.append(said))
    return head, b"".join(body)


def by_name(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [("X-Path", environ["PATH_INFO"])])
    return [current_thread().name.encode()]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_readings_are_answered_by_the_reader_and_writings_by_whoever_heard_them(method: str) -> None:
    app = InTurn(by_name)
    assert ask(app, "/a", method) == ([("200 OK", [("X-Path", "/a")])], b"reader")
    assert ask(app, "/a", "POST") == ([("200 OK", [("X-Path", "/a")])], current_thread().name.encode())


def test_one_page_at_a_time_in_the_order_of_their_coming() -> None:
    begun: list[str] = []
    inside, at_once, guard = 0, 0, Lock()

    def slow(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        nonlocal inside, at_once
        with guard:
            inside += 1
            at_once = max(at_once, inside)
            begun.append(environ["PATH_INFO"])
        time.sleep(0.02)
        with guard:
            inside -= 1
        start_response("200 OK", [])
        return [environ["PATH_INFO"].encode()]

    app = InTurn(slow, patience=30)
    with ThreadPoolExecutor(8) as callers:
        asked = []
        for place in range(8):
            asked.append(callers.submit(ask, app, f"/{place}"))
            time.sleep(0.005)
        answers = [one.result()[1].decode() for one in asked]
    assert answers == [f"/{place}" for place in range(8)], "each hears the answer to its own question"
    assert (at_once, begun) == (1, answers)


def test_nobody_waits_for_a_slow_page_and_it_is_answered_once() -> None:
    goes_on, begun = Event(), []

    def stuck(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        begun.append(environ["PATH_INFO"])
        if environ["PATH_INFO"] == "/slow":
            goes_on.wait(30)
        start_response("200 OK", [])
        return [current_thread().name.encode()]

    app = InTurn(stuck, patience=0.2)
    with ThreadPoolExecutor(4, thread_name_prefix="caller") as callers:
        slow = callers.submit(ask, app, "/slow")
        until = time.monotonic() + 10
        while not begun and time.monotonic() < until:
            time.sleep(0.001)
        queued = callers.submit(ask, app, "/queued")  # waits for its turn, loses patience
        assert queued.result(10)[1].startswith(b"caller")
        assert callers.submit(ask, app, "/late").result(10)[1].startswith(b"caller"), (
            "the reader is known to be held up"
        )
        goes_on.set()
        assert slow.result(10)[1] == b"reader"
        assert callers.submit(ask, app, "/after").result(10)[1] == b"reader"
    assert sorted(begun) == ["/after", "/late", "/queued", "/slow"]


def test_a_page_that_loses_patience_while_the_reader_begins_is_answered_by_one_of_them() -> None:
    """Many callers whose patience ends about when their turn comes: each page is drawn once."""
    drawn, guard = [], Lock()

    def draw(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        with guard:
            drawn.append(environ["PATH_INFO"])
        time.sleep(0.001)
        start_response("200 OK", [])
        return [environ["PATH_INFO"].encode()]

    app, gate = InTurn(draw, patience=0.002), Barrier(16)

    def call(caller: int) -> None:
        gate.wait()
        for place in range(20):
            head, body = ask(app, f"/{caller}/{place}")
            assert (head, body) == ([("200 OK", [])], f"/{caller}/{place}".encode())

    with ThreadPoolExecutor(16) as callers:
        for one in [callers.submit(call, caller) for caller in range(16)]:
            one.result()
    assert len(drawn) == len(set(drawn)) == 320


def test_what_goes_wrong_is_raised_where_it_was_asked_and_the_reader_goes_on() -> None:
    def broken(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/broken":
            raise SystemExit("out of paper")
        return by_name(environ, start_response)

    app = InTurn(broken)
    with pytest.raises(SystemExit, match="out of paper"):
        ask(app, "/broken")
    assert ask(app, "/whole")[1] == b"reader"


@pytest.fixture
def ended() -> Iterator[list[str]]:
    """The threads in which a request was said to be over."""
    names: list[str] = []

    def note(**_: Any) -> None:
        names.append(current_thread().name)

    request_finished.connect(note)
    yield names
    request_finished.disconnect(note)


def handler(response: Callable[[], Any]) -> Any:
    def app(environ: dict[str, Any], start_response: Any) -> Any:
        start_response("200 OK", [])
        return response()

    return InTurn(app)


def test_a_page_ends_where_its_connection_is(ended: list[str]) -> None:
    assert ask(handler(lambda: HttpResponse("whole")))[1] == b"whole"
    assert ended == ["reader"], "once, and by the reader"


def test_a_body_that_is_made_while_it_is_sent_is_left_to_the_sender(ended: list[str]) -> None:
    made: list[str] = []

    def parts() -> Iterator[bytes]:
        for part in (b"a", b"b"):
            made.append(current_thread().name)
            yield part

    assert ask(handler(lambda: StreamingHttpResponse(parts())))[1] == b"ab"
    assert made == [current_thread().name] * 2
    assert ended == [], "the server says when it is over"
