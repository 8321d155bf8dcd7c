"""Delivery runs and parcels that suppliers send, as they are asked for and told."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from quanzi.faces.api.schemas.common import Flag, In, Moment, Out, Quantity, Ref, Text, Word, WorkedOut


class RunIn(In):
    """driver: what they sign in with, an e-mail address or a phone number; they may drive. loads: words of stations that wait."""

    title: Text = Field(min_length=1, max_length=60)
    driver: Word = Field(min_length=1)
    starts_at: Moment
    ends_at: Moment
    fulfilment_ids: list[Ref] = Field(default_factory=list, max_length=80)
    loads: list[Word] = Field(default_factory=list, max_length=80)


class DriverIn(In):
    """driver: what they sign in with, an e-mail address or a phone number."""

    driver: Word = Field(min_length=1)


class DriverOut(Out):
    """id: of the asking, null for staff who drive by their role. accepted_at: null while they have not answered."""

    id: int | None
    member_id: int
    name: str
    may_drive: bool
    invited_at: datetime | None
    accepted_at: datetime | None
    runs: int


class DrivingOut(Out):
    """may_drive: runs may be given to me. invited_at: when the shop asked me, null when it did not."""

    may_drive: bool
    invited_at: datetime | None
    accepted_at: datetime | None


class LoadLineOut(Out):
    title: str
    quantity: int


class LoadOut(WorkedOut):
    """What a station should still get. ref: its word when a run is planned; due_at: to be there by then."""

    ref: str
    name: str
    address: str
    due_at: datetime
    goods: list[LoadLineOut]

    @staticmethod
    def resolve_goods(row: object) -> list[dict[str, object]]:
        return [{"title": title, "quantity": quantity} for title, quantity in row.goods]  # type: ignore[attr-defined]


class MoveStopIn(In):
    up: Flag


class StopDoneIn(In):
    picture_id: Ref | None = None
    note: Text = Field(default="", max_length=200)


class StopLineOut(Out):
    title: str
    quantity: int


class StopOut(WorkedOut):
    """phone: only while the stop is to come. is_off: refunded meanwhile, not to be delivered. is_load: goods for a station, whose count
    is the hand-over; number is empty then, due_at says until when."""

    id: int
    position: int
    number: str
    state: str
    recipient: str
    phone: str
    region: str
    address: str
    note: str
    goods: list[StopLineOut]
    from_at: datetime
    to_at: datetime
    arrived_at: datetime | None
    ended_at: datetime | None
    said: str
    is_off: bool
    is_load: bool
    due_at: datetime | None

    @staticmethod
    def resolve_goods(row: object) -> list[dict[str, object]]:
        return [{"title": title, "quantity": quantity} for title, quantity in row.goods]  # type: ignore[attr-defined]


class RunOut(Out):
    id: int
    code: str
    title: str
    state: str
    driver_name: str
    starts_at: datetime
    ends_at: datetime
    stops: list[StopOut]


class RunRowOut(Out):
    """left: stops that are still to come."""

    id: int
    code: str
    title: str
    state: str
    driver_name: str
    starts_at: datetime
    ends_at: datetime
    stops: int
    left: int


class AskedParcelOut(WorkedOut):
    """Whom to send to is told only while it is to be sent."""

    id: int
    code: str
    state: str
    goods: list[StopLineOut]
    recipient: str
    phone: str
    region: str
    address: str
    carrier: str
    tracking: str
    asked_at: datetime
    shipped_at: datetime | None

    @staticmethod
    def resolve_goods(row: object) -> list[dict[str, object]]:
        return [{"title": title, "quantity": quantity} for title, quantity in row.goods]  # type: ignore[attr-defined]


class DeclineParcelIn(In):
    note: Text = Field(default="", max_length=200)


class AskNumberIn(In):
    service: Word = Field(min_length=1)


class PaperOut(Out):
    """checked_at: when somebody of the shop held it against the goods; is_over: no longer valid."""

    id: int
    kind: str
    number: str
    issuer: str
    issued_on: date
    valid_until: date | None
    lot_code: str
    picture_url: str
    checked_at: datetime | None
    is_over: bool


class PaperIn(In):
    """kind: origin, customs, inspection or authenticity."""

    kind: Word = Field(min_length=1)
    number: Text = Field(min_length=1, max_length=60)
    issuer: Text = Field(min_length=1, max_length=80)
    issued_on: date
    valid_until: date | None = None
    lot_id: Ref | None = None


class ImportFactsIn(In):
    """duty_bp: import taxes in the price, in basis points. An empty country: not from abroad."""

    country: Text = Field(default="", max_length=60)
    hs_code: Word = ""
    duty_bp: Quantity = 0
    must_declare: Flag = False
