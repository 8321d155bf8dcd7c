"""Which reactions answer which events. Filled while apps get ready, read by the delivery."""

from collections.abc import Callable
from typing import Any, Protocol

from quanzi.base.events.events import DomainEvent


class Reaction(Protocol):
    """What a reaction looks like: the event, and the moment of delivery."""

    def __call__(self, event: Any, /, *, now: Any) -> object: ...


_reactions: dict[str, dict[str, Reaction]] = {}
_unless: dict[tuple[str, str], Callable[[Any], bool]] = {}


def react_to[F: Callable[..., object]](
    event_class: type[DomainEvent], *, consumer: str, unless: Callable[[Any], bool] | None = None
) -> Callable[[F], F]:
    """Register `function(event, *, now)` for an event, under a stable consumer name "room.what".

    The consumer's name stands in the database; renaming it makes old events look unapplied.
    unless(event): says of some events, by their values alone, that this consumer has nothing to do with them.
    """

    def register(function: F) -> F:
        others = _reactions.setdefault(event_class.name, {})
        known = others.get(consumer)
        if known is not None and known is not function:
            raise ValueError(f"{consumer} already answers {event_class.name}")
        others[consumer] = function
        if unless is not None:
            _unless[event_class.name, consumer] = unless
        return function

    return register


def reactions_to(name: str) -> dict[str, Reaction]:
    """Consumers of an event name, in the order of their registration."""
    return dict(_reactions.get(name, {}))


def is_spared(event: DomainEvent, consumer: str) -> bool:
    """Whether a consumer has nothing to do with this event."""
    unless = _unless.get((event.name, consumer))
    return unless is not None and unless(event)


def is_awaited(event: DomainEvent) -> bool:
    """Whether anybody answers this event."""
    return any(not is_spared(event, consumer) for consumer in _reactions.get(event.name, ()))


def forget(event_class: type[DomainEvent], *, consumer: str) -> None:
    """Take a reaction out again (a plugin that leaves, a test that ends)."""
    _reactions.get(event_class.name, {}).pop(consumer, None)
    _unless.pop((event_class.name, consumer), None)
