"""How much of a person's details somebody of the staff reads: all of it, or enough to recognise and not enough to use."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from quanzi.people.accounts.policies import may_see

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

HIDDEN = "***"


def seen[T: DataclassInstance](viewer: object, row: T, **kinds: str) -> T:
    """The row with those of its fields left out (None) that the viewer may not read; kinds: fields of policies.FIELDS by name."""
    hidden = {name: None for name, kind in kinds.items() if not may_see(viewer, kind)}
    return replace(row, **hidden) if hidden else row


def masked_phone(phone: str) -> str:
    """A number with its middle hidden: 138****0001."""
    number = phone.removeprefix("+86")
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 8 else HIDDEN if number else ""


def seen_address(viewer: object, address: dict[str, str]) -> dict[str, str]:
    """A delivery address as this person of the staff may read it; the region stays, since it tells where parcels go."""
    shown = dict(address)
    if shown.get("phone") and not may_see(viewer, "phone"):
        shown["phone"] = masked_phone(shown["phone"])
    if not may_see(viewer, "address"):
        shown |= {key: HIDDEN for key in ("detail", "recipient") if shown.get(key)}
    return shown
