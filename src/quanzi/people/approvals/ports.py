"""What upper rooms register: kinds of acts that may need a second person."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from quanzi.people.approvals.models import Approval


class Deed(Protocol):
    """name: "order.refund"; title: what it is called (English, translated when shown); needs: the permission to ask and decide."""

    name: str
    title: str
    needs: str

    def gains(self, approval: Approval) -> int | None:
        """The member to whom the money goes, who therefore does not decide; None: nobody in particular."""
        ...

    def carry_out(self, approval: Approval, *, now: datetime) -> str:
        """Do what was asked, in the approval's transaction; says what came of it ("refund:7"). May refuse (DomainError)."""
        ...


_deeds: dict[str, Any] = {}


def register_deed(deed: Deed) -> None:
    known = _deeds.setdefault(deed.name, deed)
    if type(known) is not type(deed):
        raise ValueError(f"two deeds are called {deed.name}")


def deed_of(name: str) -> Deed:
    """Raises KeyError: an unknown name is a mistake in the program, not of a person."""
    found: Deed = _deeds[name]
    return found


def deeds() -> list[Deed]:
    return list(_deeds.values())
