"""Speaking to addresses that somebody typed: public ones only, resolved once, within limits."""

from quanzi.base.fetching.fetching import (
    Answer,
    FetchFailed,
    ForbiddenAddress,
    Limits,
    TooMuch,
    addresses_of,
    fetch,
    is_public,
    public_addresses,
)

__all__ = [
    "Answer",
    "FetchFailed",
    "ForbiddenAddress",
    "Limits",
    "TooMuch",
    "addresses_of",
    "fetch",
    "is_public",
    "public_addresses",
]
