"""The base class of everything that rooms announce."""

import dataclasses
import functools
import types
import typing
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Self

_classes: dict[str, type["DomainEvent"]] = {}


@dataclass(frozen=True)
class DomainEvent:
    """A fact in the past tense: a frozen dataclass of ids and plain values.

    Subclasses get a stable name "<room>.<Class>" from where they live. `key` names the thing whose
    events must be applied in order ("order:12"); events without a key are independent.
    """

    name: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.name = f"{_room_of(cls.__module__)}.{cls.__name__}"
        known = _classes.get(cls.name)
        if known is not None and known.__module__ != cls.__module__:
            raise TypeError(f"two events are called {cls.name}")
        _classes[cls.name] = cls

    @property
    def key(self) -> str:
        """What this event is ordered by; override it where order matters."""
        return ""

    def payload(self) -> dict[str, Any]:
        """The values as JSON can carry them (moments as ISO text)."""
        fields = dataclasses.fields(self)
        return {field.name: _to_json(getattr(self, field.name)) for field in fields}

    @classmethod
    def from_payload(cls, payload: dict[str, Any]) -> Self:
        """Read a stored payload; values that this version does not know any more are left out."""
        hints = _hints_of(cls)  # type: ignore[arg-type]  # a class can be hashed
        names = [field.name for field in dataclasses.fields(cls) if field.name in payload]
        return cls(**{name: _from_json(payload[name], hints[name]) for name in names})


@functools.cache
def _hints_of(event_class: Hashable) -> dict[str, Any]:
    return typing.get_type_hints(event_class)


def class_of(name: str) -> type[DomainEvent] | None:
    """The class behind a stored name; None when this version no longer has it."""
    return _classes.get(name)


def _room_of(module: str) -> str:
    parts = module.split(".")
    # quanzi.<floor>.<room>.events; elsewhere (tests) the module itself stands for the room.
    return parts[2] if parts[0] == "quanzi" and len(parts) > 3 else parts[-1]


def _to_json(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_to_json(one) for one in value]
    raise TypeError(f"an event carries ids and plain values, not {type(value).__name__}")


def _from_json(value: Any, hint: Any) -> Any:
    if value is None:
        return None
    options = typing.get_args(hint) if typing.get_origin(hint) in (typing.Union, types.UnionType) else (hint,)
    for option in options:
        if option in (datetime, date):
            return option.fromisoformat(value)
        if option is tuple or typing.get_origin(option) is tuple:
            inner = (typing.get_args(option) or (Any,))[0]
            return tuple(_from_json(one, inner) for one in value)
        if option is list or typing.get_origin(option) is list:
            inner = (typing.get_args(option) or (Any,))[0]
            return [_from_json(one, inner) for one in value]
    return value
