"""Which reactions answer which events. Filled while apps get ready, read by the delivery."""

from collections.abc import Callable
from typing import Any, Protocol

from quanzi.base.events.events import DomainEvent


class Reaction(Protocol):
    """What a reaction looks like: the event, and the moment of delivery."""

    def __call__(self, event: Any, /, *, now: Any) -> object: ...


_reactions: dict[str, dict[str, Reaction]] = {}


def react_to[F: Callable[..., object]](event_class: type[DomainEvent], *, consumer: str) -> Callable[[F], F]:
    """Register `function(event, *, now)` for an event, under a stable consumer name "room.what".

    The consumer's name stands in the database; renaming it makes old events look unapplied.
    """

    def register(function: F) -> F:
        others = _reactions.setdefault(event_class.name, {})
        known = others.get(consumer)
        if known is not None and known is not function:
            raise ValueError(f"{consumer} already answers {event_class.name}")
        others[consumer] = function
        return function

    return register


def reactions_to(name: str) -> dict[str, Reaction]:
    """Consumers of an event name, in the order of their registration."""
    return dict(_reactions.get(name, {}))


def forget(event_class: type[DomainEvent], *, consumer: str) -> None:
    """Take a reaction out again (a plugin that leaves, a test that ends)."""
    _reactions.get(event_class.name, {}).pop(consumer, None)
