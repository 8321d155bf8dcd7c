"""Every event of the catalogue, told to the endpoints that chose it. Events of a log that is replayed are told to nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from quanzi.base.events.events import DomainEvent
from quanzi.base.events.registry import react_to
from quanzi.faces.webhooks import memory, telling
from quanzi.faces.webhooks.kinds import KINDS, Kind
from quanzi.trade.sales.models import OrderOrigin

CONSUMER = "webhooks.tell"


def register() -> None:
    """One reaction for each kind; called when apps are ready."""
    for kind in KINDS.values():
        if kind.event is not None:
            react_to(kind.event, consumer=CONSUMER, unless=partial(_is_nobodys, kind))(_teller(kind))


def _is_nobodys(kind: Kind, event: DomainEvent) -> bool:
    return getattr(event, "origin", "") == OrderOrigin.REPLAY or not memory.is_wanted(kind.name)


def _teller(kind: Kind) -> Callable[..., None]:
    def tell(event: Any, *, now: datetime) -> None:
        telling.tell(kind=kind, event=event, now=now)

    return tell
