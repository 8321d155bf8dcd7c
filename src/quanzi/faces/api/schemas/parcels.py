"""Parcels and dispatches, as they are asked for and told."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from quanzi.faces.api.schemas.common import Flag, In, Out, Quantity, Ref, Text, WorkedOut


class PackLineIn(In):
    line_id: Ref
    quantity: Quantity


class PackIn(In):
    lines: list[PackLineIn] = Field(default_factory=list, max_length=100)


class DeclarationIn(In):
    """name: as in the papers of who receives the goods; agreed: that it goes to customs with the phone and the address of the order."""

    name: Text = Field(min_length=2, max_length=40)
    agreed: Flag


class DeclarationOut(Out):
    """name: empty once it was forgotten, thirty days after the order ended."""

    name: str
    agreed_at: datetime
    forgotten_at: datetime | None


class SendParcelIn(In):
    carrier: Text = Field(min_length=1, max_length=40)
    tracking: Text = Field(default="", max_length=60)


class ToldOut(Out):
    """code: accepted, in_transit, out_for_delivery, delivered, returned or trouble; words, place: the carrier's own."""

    code: str
    words: str
    place: str
    happened_at: datetime


class ParcelLineOut(Out):
    title: str
    quantity: int


class ParcelOut(WorkedOut):
    """state: packed, shipped, arrived, came_back or unpacked. sender: the supplier who sends it, empty for the shop."""

    id: int
    position: int
    state: str
    carrier: str
    tracking: str
    sender: str
    packed_at: datetime
    shipped_at: datetime | None
    arrived_at: datetime | None
    lines: list[ParcelLineOut]
    events: list[ToldOut]

    @staticmethod
    def resolve_lines(row: object) -> list[dict[str, object]]:
        return [{"title": title, "quantity": quantity} for title, quantity in row.lines]  # type: ignore[attr-defined]


class DispatchRowIn(In):
    fulfilment_id: Ref
    carrier: Text = Field(default="", max_length=40)
    tracking: Text = Field(default="", max_length=60)


class DispatchIn(In):
    """service: a carrier that gives numbers to rows without one."""

    rows: list[DispatchRowIn] = Field(min_length=1, max_length=500)
    service: Text = Field(default="", max_length=20)


class DispatchRowOut(Out):
    """state: waiting, done or refused; says: why."""

    number: str
    state: str
    carrier: str
    tracking: str
    says: str


class DispatchOut(Out):
    id: int
    made_at: datetime
    is_done: bool
    rows: list[DispatchRowOut]
