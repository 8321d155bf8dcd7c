"""Buyers in a closed loop: each waits for an answer before asking again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.journeys.journey import Outcome
from bench.lines import Line, Steps, carry
from bench.stage import Person, Stage


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

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Steps[tuple[int, Any]]:
        sent = json.dumps(body).encode() if body else b""
        began = time.perf_counter()
        status, heard = yield from self._line.ask(method, f"/api/v1{path}", sent, **headers)
        self.spans.append((time.perf_counter() - began) * 1000)
        return status, json.loads(heard) if heard else None

    def must(self, method: str, path: str, body: Any = None, **headers: str) -> Steps[Any]:
        """The answer; raises RuntimeError when it is a refusal."""
        status, heard = yield from self.ask(method, path, body, **headers)
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

    def timed(self, act: Steps[bool]) -> Steps[None]:
        """One attempt; act answers whether it went well."""
        began = time.perf_counter()
        try:
            went_well = yield from act
        except (OSError, RuntimeError, ValueError, KeyError) as trouble:
            self.broken.append(str(trouble)[:300])
            return
        ended = time.perf_counter()
        (self.spans if went_well else self.refused).append((ended - began) * 1000)
        if went_well:
            self.last_at = max(self.last_at, ended)


def together(acts: Sequence[Callable[[Tally], Steps[None]]]) -> tuple[Tally, float]:
    """Let them go at the same moment; what they tell, and the seconds to the last success."""
    tally, began = Tally(), time.perf_counter()
    carry([act(tally) for act in acts])
    return tally, max(tally.last_at - began, 1e-6)


def looping(act: Callable[[], Steps[bool]], *, seconds: float) -> Callable[[Tally], Steps[None]]:
    """Do it again and again for so many seconds."""

    def loop(tally: Tally) -> Steps[None]:
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            yield from tally.timed(act())

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
