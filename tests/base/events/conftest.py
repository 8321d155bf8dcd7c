"""Events and reactions that exist for one test."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.db import transaction

from quanzi.base.events import registry
from quanzi.base.events.events import DomainEvent
from quanzi.base.events.models import Event
from quanzi.base.events.services import record

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Rung(DomainEvent):
    """A bell was rung; bells ring in order, each by itself."""

    number: int
    bell: str = ""
    at: datetime | None = None
    tones: tuple[int, ...] = ()

    @property
    def key(self) -> str:
        return self.bell


Register = Callable[..., None]


@pytest.fixture
def react() -> Iterator[Register]:
    """Register a reaction to Rung for the length of a test."""
    names: list[str] = []

    def register(consumer: str, function: Callable[..., object], unless: Callable[[Rung], bool] | None = None) -> None:
        registry.react_to(Rung, consumer=consumer, unless=unless)(function)
        names.append(consumer)

    yield register
    for name in names:
        registry.forget(Rung, consumer=name)


def ring(number: int, bell: str = "") -> Event:
    with transaction.atomic():
        return record(Rung(number=number, bell=bell), now=NOW)
