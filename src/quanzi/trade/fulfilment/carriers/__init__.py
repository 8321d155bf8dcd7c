"""Carriers that a program can ask: for a number, and for what became of a parcel. `get(code)` finds one; plugins `register`."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from quanzi.trade.fulfilment.carriers.protocol import Booked, Carrier, Outcome, PushRefused, Shipment, Told, Tracked
from quanzi.trade.fulfilment.carriers.signed_http import SignedHttp

__all__ = [
    "Booked",
    "Carrier",
    "Outcome",
    "PushRefused",
    "Shipment",
    "Told",
    "Tracked",
    "get",
    "offered",
    "register",
]

_registered: dict[str, Carrier] = {}


def register(carrier: Carrier) -> None:
    _registered[carrier.code] = carrier


def get(code: str) -> Carrier | None:
    """A carrier by the code it was set up under; None when there is none."""
    return _registered.get(code) or _configured().get(code)


def offered() -> list[tuple[str, str]]:
    """Code and name of every carrier that can be asked for a number."""
    return [(one.code, one.name) for one in {**_configured(), **_registered}.values()]


@lru_cache(maxsize=1)
def _of(rows: tuple[tuple[str, str, str, str], ...]) -> dict[str, Carrier]:
    return {code: SignedHttp(code=code, name=name, url=url, key=key) for code, name, url, key in rows}


def _configured() -> dict[str, Carrier]:
    return _of(tuple((one["code"], one["name"], one["url"], one["key"]) for one in settings.CARRIERS))
