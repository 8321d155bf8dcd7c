"""How often one caller may call. A fence against runaway programs; what protects people and money stands in the rooms.

Calls with a name (a token, a member's session) are counted by it, calls without one by address, in memory that all web processes of
a machine share (shared_counts.py). A call that only reads writes nothing so, and what is kept for as long as nobody writes stays kept.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.http import HttpRequest
from ninja.throttling import BaseThrottle

from quanzi.faces.api import errors
from quanzi.faces.api.shared_counts import SharedCounts

PERIOD_S = 60
GUESSES = 30
"""Bad tokens a minute from one address."""


@dataclass(frozen=True)
class Standing:
    """What is left to a caller. limit: calls in PERIOD_S; left: may be 0; is_over: this call was one too many."""

    policy: str
    limit: int
    left: int
    is_over: bool

    def headers(self) -> dict[str, str]:
        """As the IETF's draft of RateLimit headers has them; reset is in seconds."""
        found = {
            "RateLimit-Policy": f'"{self.policy}";q={self.limit};w={PERIOD_S}',
            "RateLimit": f'"{self.policy}";r={self.left};t={seconds_left()}',
        }
        return found | ({"Retry-After": str(seconds_left())} if self.is_over else {})


class Counts:
    """Calls of one kind in the current minute, by name or address."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def add(self, who: str, n: int = 1) -> int:
        """How many there are now, after n more."""
        return _table(settings.API_CALLS_FILE).add(f"{self._kind} {who}", n, period=_period())


@cache
def _table(file: Path | None) -> SharedCounts:
    return SharedCounts(file)


named, visitors, guesses = Counts("named"), Counts("visitor"), Counts("guess")


class CallLimit(BaseThrottle):
    """Asked once for each call, after it is known who calls."""

    def allow_request(self, request: HttpRequest) -> bool:
        who = getattr(request, "api_who", "")
        standing = _of_name(who) if who else _of_address(address_of(request))
        request.api_standing = standing  # type: ignore[attr-defined]  # read where the answer gets its headers
        return standing is None or not standing.is_over

    def wait(self) -> float:
        return seconds_left()


def refuse_guessers(request: HttpRequest) -> None:
    """Raises TooManyCalls for an address that sent too many bad tokens in this minute."""
    if guesses.add(address_of(request), 0) >= GUESSES:
        raise errors.TooManyCalls


def note_guess(request: HttpRequest) -> None:
    guesses.add(address_of(request))


def seconds_left() -> int:
    """Until the counts begin anew; at least one."""
    return max(1, PERIOD_S - int(time.time() % PERIOD_S))


def _of_name(who: str) -> Standing | None:
    return _standing(who.split(" ", 1)[0], named, who, settings.API_MEMBER_CALLS)


def _of_address(address: str) -> Standing | None:
    return _standing("address", visitors, address, settings.API_VISITOR_CALLS)


def _standing(policy: str, counts: Counts, who: str, limit: int) -> Standing | None:
    if not limit:
        return None
    calls = counts.add(who)
    return Standing(policy, limit, max(0, limit - calls), calls > limit)


def address_of(request: HttpRequest) -> str:
    """As the sign-in counts it: behind proxies, what the outermost of ours saw (QUANZI_PROXIES)."""
    return get_client_ip(request) or ""


def _period() -> int:
    return int(time.time() // PERIOD_S)
