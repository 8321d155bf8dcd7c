"""Buyers in a closed loop: each waits for an answer before asking again. Sockets by hand, so that the load takes little of the machine."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.journeys.journey import Outcome
from bench.stage import Person, Stage


class Line:
    """One keep-alive connection."""

    def __init__(self, port: int, headers: str) -> None:
        self._port, self._headers = port, headers
        self._socket: socket.socket | None = None

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        """Status and body of the answer. Raises OSError when there is none."""
        more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n{self._headers}{more}Content-Length: {len(body)}\r\n\r\n"
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=20)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(head.encode() + body)
        heard = b""
        while (end := heard.find(b"\r\n\r\n")) < 0:
            heard += self._more()
        lowered = heard[:end].lower()
        at = lowered.find(b"content-length:")
        length = int(lowered[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        while len(heard) < end + 4 + length:
            heard += self._more()
        if b"connection: close" in lowered:
            self._socket.close()
            self._socket = None
        return int(heard[9:12]), heard[end + 4 :]

    def _more(self) -> bytes:
        assert self._socket is not None
        part = self._socket.recv(65536)
        if not part:
            self._socket = None
            raise ConnectionError("the shop hung up")
        return part


class Buyer:
    """A member with a session, talking JSON to the shop. spans: milliseconds of each request."""

    def __init__(self, stage: Stage, person: Person) -> None:
        self.id = person.id
        self.spans: list[float] = []
        self._line = Line(
            stage.port,
            f"User-Agent: bench\r\nCookie: {person.cookie}\r\nX-CSRFToken: {person.csrf}\r\n"
            "Content-Type: application/json\r\n",
        )

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        began = time.perf_counter()
        status, heard = self._line.ask(method, f"/api/v1{path}", json.dumps(body).encode() if body else b"", **headers)
        self.spans.append((time.perf_counter() - began) * 1000)
        return status, json.loads(heard) if heard else None

    def must(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The answer; raises RuntimeError when it is a refusal."""
        status, heard = self.ask(method, path, body, **headers)
        if status >= 400:
            raise RuntimeError(f"{method} {path}: {status} {heard}")
        return heard


@dataclass
class Tally:
    """What buyers report. spans: milliseconds of what went well; refused: of what was refused."""

    spans: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    last_at: float = 0.0

    def timed(self, act: Callable[[], bool]) -> None:
        """One attempt; act answers whether it went well."""
        began = time.perf_counter()
        try:
            went_well = act()
        except (OSError, RuntimeError, ValueError, KeyError) as trouble:
            self.broken.append(str(trouble)[:300])
            return
        ended = time.perf_counter()
        (self.spans if went_well else self.refused).append((ended - began) * 1000)
        if went_well:
            self.last_at = max(self.last_at, ended)


def together(acts: Sequence[Callable[[Tally], None]]) -> tuple[Tally, float]:
    """Run them in threads, let go at the same moment; what they tell, and the seconds to the last success."""
    gate, tallies = threading.Barrier(len(acts) + 1), [Tally() for _ in acts]

    def one(act: Callable[[Tally], None], tally: Tally) -> None:
        gate.wait()
        act(tally)

    threads = [threading.Thread(target=one, args=pair) for pair in zip(acts, tallies, strict=True)]
    for thread in threads:
        thread.start()
    gate.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    whole = Tally(
        spans=[span for tally in tallies for span in tally.spans],
        refused=[span for tally in tallies for span in tally.refused],
        broken=[text for tally in tallies for text in tally.broken],
        last_at=max(tally.last_at for tally in tallies),
    )
    return whole, max(whole.last_at - began, 1e-6)


def looping(act: Callable[[], bool], *, seconds: float) -> Callable[[Tally], None]:
    """Do it again and again for so many seconds."""

    def loop(tally: Tally) -> None:
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            tally.timed(act)

    return loop


def outcome(tally: Tally, seconds: float, notes: str = "") -> Outcome:
    """Successes, with their times. Raises RuntimeError when there was none."""
    if not tally.spans:
        raise RuntimeError(f"nothing went well: {tally.broken[:3] or 'all was refused'}")
    return Outcome(
        requests=len(tally.spans), seconds=seconds, p50_ms=at(tally.spans, 0.5), p99_ms=at(tally.spans, 0.99),
        refused=len(tally.refused), broken=len(tally.broken), notes=notes or "; ".join(sorted(set(tally.broken))[:2]),
    )  # fmt: skip


def at(spans: Sequence[float], share: float) -> float:
    """The time within which this share of them were done."""
    return sorted(spans)[min(int(len(spans) * share), len(spans) - 1)] if spans else 0.0
