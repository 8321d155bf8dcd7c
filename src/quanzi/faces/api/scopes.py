"""What a token may be used for: a few words that a person understands, and which operation needs which."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from quanzi.kernel.words import N_

ScopeName = Literal[
    "me:read", "me:write", "community:read", "community:write", "orders:read", "orders:write", "payments:write", "leader:read",
    "leader:write", "supplier:read", "supplier:write", "staff:read", "staff:write", "staff:money", "webhooks:read", "webhooks:write",
]  # fmt: skip

SCOPES: dict[ScopeName, str] = {
    "me:read": N_("See your profile, addresses, consents and notices"),
    "me:write": N_("Change your profile, addresses and consents"),
    "community:read": N_("Read circles, posts and people as you see them"),
    "community:write": N_("Write, join circles and answer people in your name"),
    "orders:read": N_("See your cart, orders, teams and payments"),
    "orders:write": N_("Fill your cart, order, join teams and open claims in your name"),
    "payments:write": N_("Begin payments for your orders"),
    "leader:read": N_("See what waits at your pickup points"),
    "leader:write": N_("Prepare and hand over orders at your pickup points"),
    "supplier:read": N_("See the goods, lots and open orders of makers that you stand for"),
    "supplier:write": N_("Answer and send purchases, and offer lots, for suppliers that you act for"),
    "staff:read": N_("Read what your role in the shop lets you read"),
    "staff:write": N_("Change goods, deals, sources and circles as your role lets you"),
    "staff:money": N_("Confirm, refund and settle money as your role lets you"),
    "webhooks:read": N_("See webhook endpoints and what they were told"),
    "webhooks:write": N_("Make and change webhook endpoints, send deliveries again"),
}
"""In the order in which they are shown. A token never may more than its member may."""

STAFF = frozenset(scope for scope in SCOPES if scope.startswith(("staff:", "webhooks:")))
MONEY: ScopeName = "staff:money"
READING = frozenset(scope for scope in SCOPES if scope.endswith(":read"))

AREAS = {
    "me": "me", "people": "community", "circles": "community", "moderating": "community", "posts": "community",
    "experiences": "community", "goods": "community", "search": "community", "needs": "community",
    "sources": "me", "cart": "orders", "deals": "orders",
    "orders": "orders", "payments": "orders", "hand-over": "leader", "stations": "orders", "supplier": "supplier", "staff": "staff",
    "webhooks": "webhooks",
}  # fmt: skip
"""The area of each part of the API. Parts that are not named need no scope."""


def needed(*, tag: str, is_reading: bool) -> str:
    """The scope that an operation of this part needs; empty for none."""
    area = AREAS.get(tag, "")
    return f"{area}:{'read' if is_reading else 'write'}" if area else ""


def waking(scope: str, *, is_reading: bool) -> frozenset[str]:
    """Of which a token holds one, for its member's role in the shop to count in an operation that needs `scope`.

    So a token to write in somebody's name does not hide posts in the shop's.
    """
    if scope in STAFF:
        return frozenset({scope})
    return frozenset({"staff:read", "staff:write", MONEY} if is_reading else {"staff:write"})


def known(wanted: Iterable[str]) -> list[ScopeName]:
    """Those of the words that are scopes, in their order."""
    chosen = set(wanted)
    return [scope for scope in SCOPES if scope in chosen]
