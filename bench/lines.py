"""Many people on one thread: each is a generator that asks and waits, and one loop carries what they say.

A load tool of threads took an eighth of the machine for itself, most of it to hand the interpreter round.
"""

from __future__ import annotations

import gc
import heapq
import selectors
import socket
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

type Steps[T] = Generator[Call | Pause, Any, T]
"""What somebody does: asks something and is given status and body, or waits."""

PATIENCE_S = 20.0


class Line:
    """One keep-alive connection. headers: sent with every request, each ending in a line break."""

    def __init__(self, port: int, headers: str) -> None:
        self.port, self._headers = port, headers
        self.socket: socket.socket | None = None
        self._heard = b""

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Steps[tuple[int, bytes]]:
        """Status and body of the answer. Raises OSError when there is none."""
        more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{self._headers}{more}Content-Length: {len(body)}\r\n\r\n"
        answer: tuple[int, bytes] = yield Call(self, head.encode() + body)
        return answer

    def send(self, sent: bytes) -> None:
        assert self.socket is not None
        self._heard = b""
        self.socket.sendall(sent)

    def hear(self) -> tuple[int, bytes, bool] | None:
        """Status, body, and whether the shop hangs up; None while there is more to come."""
        assert self.socket is not None
        part = self.socket.recv(65536)
        if not part:
            raise ConnectionError("the shop hung up")
        self._heard += part
        end = self._heard.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = self._heard[:end].lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(self._heard) < end + 4 + length:
            return None
        return int(self._heard[9:12]), self._heard[end + 4 :], b"connection: close" in head


@dataclass(frozen=True, slots=True)
class Call:
    line: Line
    sent: bytes


@dataclass(frozen=True, slots=True)
class Pause:
    seconds: float


def carry(people: Sequence[Steps[None]]) -> None:
    """Let all of them go at the same moment, until each has done what they came for."""
    gc.collect()
    gc.disable()
    try:
        _Exchange().run(people)
    finally:
        gc.enable()


class _Exchange:
    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._asking: dict[Line, Steps[None]] = {}
        self._resting: list[tuple[float, int, Steps[None]]] = []
        self._turn = count()

    def run(self, people: Sequence[Steps[None]]) -> None:
        for one in people:
            self._go_on(one)
        while self._asking or self._resting:
            until = self._resting[0][0] - time.perf_counter() if self._resting else PATIENCE_S
            heard = self._selector.select(max(0.0, until))
            if not heard and not self._resting:
                raise RuntimeError(f"nobody was answered for {PATIENCE_S:g} s")
            for key, _ in heard:
                self._hear(key.data)
            while self._resting and self._resting[0][0] <= time.perf_counter():
                self._go_on(heapq.heappop(self._resting)[2])
        for key in list(self._selector.get_map().values()):
            self._hang_up(key.data)
        self._selector.close()

    def _hear(self, line: Line) -> None:
        one = self._asking.get(line)
        try:
            answer = line.hear()
        except OSError as trouble:
            self._hang_up(line)
            if one is not None:
                del self._asking[line]
                self._go_on(one, trouble=trouble)
            return
        if answer is None or one is None:
            return
        del self._asking[line]
        status, body, is_last = answer
        if is_last:
            self._hang_up(line)
        self._go_on(one, (status, body))

    def _go_on(self, one: Steps[None], answer: Any = None, *, trouble: OSError | None = None) -> None:
        """Until they ask or wait again."""
        while True:
            try:
                wish = one.throw(trouble) if trouble is not None else one.send(answer)
            except StopIteration:
                return
            if isinstance(wish, Pause):
                heapq.heappush(self._resting, (time.perf_counter() + wish.seconds, next(self._turn), one))
                return
            try:
                self._ask(wish)
            except OSError as found:
                trouble = found
                continue
            self._asking[wish.line] = one
            return

    def _ask(self, call: Call) -> None:
        line = call.line
        if line.socket is None:
            line.socket = socket.create_connection(("127.0.0.1", line.port), timeout=PATIENCE_S)
            line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._selector.register(line.socket, selectors.EVENT_READ, line)
        line.send(call.sent)

    def _hang_up(self, line: Line) -> None:
        if line.socket is not None:
            self._selector.unregister(line.socket)
            line.socket.close()
            line.socket = None
