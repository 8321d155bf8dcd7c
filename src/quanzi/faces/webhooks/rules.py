"""When to try again, when to stop, and which addresses may be told. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from urllib.parse import urlsplit

from quanzi.base.fetching import is_public

GIVES_UP_AFTER = timedelta(days=3)
KEPT = timedelta(days=30)
OVERLAP = timedelta(days=1)
"""How long the secret before the newest still signs."""

PORTS = (443, 8443)
LONGEST_URL = 500

FIRST_WAIT_S, LONGEST_WAIT_S, FACTOR = 5, 6 * 3600, 4
FIRST_REST_S, LONGEST_REST_S = 5, 600


def wait_after(tries: int, chance: float) -> timedelta:
    """How long a delivery waits after so many attempts: 5 s, 20 s, 80 s … six hours, a fifth more or less.

    chance: from 0 to 1, so that what failed together does not come back together.
    """
    seconds = min(FIRST_WAIT_S * FACTOR ** min(tries - 1, 10), LONGEST_WAIT_S)
    return timedelta(seconds=seconds * (0.8 + 0.4 * chance))


def rest_after(fails: int) -> timedelta:
    """How long an endpoint is left alone after so many failures in a row, whatever waits for it: 5 s, 10 s … ten minutes."""
    return timedelta(seconds=min(FIRST_REST_S * 2 ** min(fails - 1, 10), LONGEST_REST_S))


def is_taken(status: int) -> bool:
    return 200 <= status < 300


def is_good_address(url: str, *, inside: Collection[tuple[str, int]] = ()) -> bool:
    """https on a usual port, no login in it; `inside`: hosts and ports of the own network that the server's settings name.

    Whether the name leads to a public address is looked at when it is spoken to, each time.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError:
        return False
    if (
        not parts.hostname
        or len(url) > LONGEST_URL
        or "@" in parts.netloc
        or parts.fragment
        or not url.isprintable()
        or " " in url
    ):
        return False
    if (parts.hostname, port) in inside:
        return parts.scheme in ("http", "https")
    return parts.scheme == "https" and port in PORTS and not _is_within(parts.hostname)


def _is_within(host: str) -> bool:
    """Whether a host can only be on this machine or in a network behind it, so that it need not be tried."""
    try:
        return not is_public(host)
    except ValueError:  # a name, or a number that some resolvers take for an address: 127.1, 0x7f000001
        return not _is_public_name(host) or host.endswith((".localhost", ".local", ".internal"))


def _is_public_name(host: str) -> bool:
    labels = host.removesuffix(".").split(".")
    return len(labels) > 1 and all(0 < len(one) <= 63 for one in labels) and labels[-1][0].isalpha()
