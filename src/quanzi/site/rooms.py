"""The rooms of the house, floor by floor, in the order in which they may import each other."""

from __future__ import annotations

from importlib.util import find_spec

FLOORS: dict[str, list[str]] = {
    "base": ["events", "ledger", "media", "audit", "jobs"],
    "people": ["accounts", "contact", "safety", "trust"],
    "goods": ["catalogue", "stock", "pricing"],
    "community": ["circles", "posts"],
    "trade": ["payments", "sales", "fulfilment", "experiences", "deals", "aftersales"],
    "growth": ["sources", "commission", "discovery", "insight", "importing"],
    "faces": ["ui", "storefront", "console", "api"],
}


def exists(module: str) -> bool:
    """Whether the module can be found, without importing it (its parents are imported)."""
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def installed() -> list[str]:
    """Dotted names of the rooms whose Django app is written."""
    names = [f"quanzi.{floor}.{room}" for floor, rooms in FLOORS.items() for room in rooms]
    return [name for name in names if exists(f"{name}.apps")]
