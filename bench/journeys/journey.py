"""The shapes of a journey: what it asks, and what came out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from bench.stage import Stage

if TYPE_CHECKING:
    from bench.limits import Asked


@dataclass(frozen=True)
class Request:
    """One request of the load tool. headers: cookies and the like; body: of a POST, in the form's own encoding."""

    path: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

    def line(self) -> str:
        """As requests.lua reads it."""
        parts = [self.method, self.path, *(f"{name}: {value}" for name, value in self.headers.items())]
        return "\t".join([*parts, f"={self.body}"] if self.body else parts)


@dataclass(frozen=True)
class Outcome:
    """What a run of some seconds gave. refused: answers of 400 and above; broken: no answer at all."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    refused: int = 0
    broken: int = 0
    notes: str = ""


class Journey(Protocol):
    """Something that people do. aim: requests a second hoped for on two cores, None without one.

    asked: statements that are counted and given to pgbench; empty when there is no such limit.
    """

    key: str
    title: str
    aim: float | None

    def asked(self, stage: Stage) -> list[Asked]: ...

    def run(self, stage: Stage, *, seconds: float) -> Outcome: ...


@dataclass(frozen=True)
class Load:
    """A journey of single requests, sent by wrk over keep-alive connections."""

    key: str
    title: str
    requests: Callable[[Stage], list[Request]]
    aim: float | None = None
    connections: int = 32

    def samples(self, stage: Stage) -> list[Request]:
        asked = self.requests(stage)
        return asked[:: max(1, len(asked) // 20)][:20]

    def asked(self, stage: Stage) -> list[Asked]:
        from bench import limits  # it knows requests

        return limits.ask(self.samples(stage))

    def run(self, stage: Stage, *, seconds: float) -> Outcome:
        from bench import wrk  # the module asks for the tool when it is first needed

        return wrk.run(self.requests(stage), port=stage.port, seconds=seconds, connections=self.connections)
