"""The rooms of the house, floor by floor, in the order in which they may import each other."""

from __future__ import annotations

FLOORS: dict[str, list[str]] = {
    "base": ["events", "ledger", "media", "audit", "shop", "jobs", "films"],
    "people": ["accounts", "approvals", "contact", "safety", "trust"],
    "goods": ["catalogue", "stock", "supply", "pricing", "wishes"],
    "community": ["circles", "posts"],
    "trade": [
        "payments",
        "sales",
        "fulfilment",
        "experiences",
        "deals",
        "chains",
        "bargains",
        "launches",
        "preorders",
        "aftersales",
        "stations",
        "stores",
        "polls",
        "rewards",
    ],
    "growth": [
        "sources",
        "commission",
        "rings",
        "tastes",
        "recommending",
        "searching",
        "discovery",
        "needs",
        "leads",
        "insight",
        "spread",
        "splitting",
        "fronts",
        "importing",
        "exporting",
        "erasing",
        "replicating",
    ],
    "faces": ["ui", "storefront", "webhooks", "console", "api"],
}


def installed() -> list[str]:
    """Dotted names of all rooms: the shop's Django apps."""
    return [f"quanzi.{floor}.{room}" for floor, rooms in FLOORS.items() for room in rooms]
