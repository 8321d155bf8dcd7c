"""Shapes that every part of the API uses."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from ninja import Header, Schema
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from quanzi.faces.api import cursors

LARGEST = 2**63 - 1
"""What a bigint column holds."""

PLAIN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$"
"""No control characters but tabs and line ends; PostgreSQL cannot keep the first of them."""

Id = Annotated[int, Field(ge=1, le=LARGEST)]
Ref = Annotated[int, Field(strict=True, ge=1, le=LARGEST)]
"""An id inside a body: a number, not a text that looks like one."""

Slug = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=80)]
Word = Annotated[str, Field(pattern=PLAIN, max_length=80)]
Text = Annotated[str, Field(pattern=PLAIN)]
"""Says its own max_length where it is used."""

Flag = Annotated[bool, Field(strict=True)]
Quantity = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
AmountMinor = Annotated[int, Field(strict=True, ge=0, lt=10**15)]
Limit = Annotated[int, Field(ge=1, le=50)]


def _moment_written_out(value: object) -> object:
    """A moment is written like 2026-11-22T02:00:00Z; pydantic alone would take a number for seconds since 1970."""
    if not isinstance(value, str) or "T" not in value.upper():
        raise ValueError("a moment is a text with date, time and zone")
    return value


FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""Between them a moment is one that a shop may mean; PostgreSQL and calendars agree on all of them."""

Moment = Annotated[AwareDatetime, BeforeValidator(_moment_written_out), Field(ge=FIRST, lt=LAST)]


def _of_this_list(value: object) -> int:
    try:
        return cursors.read(value)
    except cursors.NotACursor:
        raise PydanticCustomError("not_a_cursor", "not a cursor of this list") from None


Cursor = Annotated[
    int,
    BeforeValidator(_of_this_list),
    WithJsonSchema({"type": "string", "maxLength": 60, "description": "The `next` of the page before"}),
]


def _of_a_feed(value: object) -> int | str:
    try:
        return cursors.read_way(value) if "." in str(value) else cursors.read(value)
    except cursors.NotACursor:
        raise PydanticCustomError("not_a_cursor", "not a cursor of this list") from None


FeedCursor = Annotated[
    int | str,
    BeforeValidator(_of_a_feed),
    WithJsonSchema(
        {"type": "string", "maxLength": 1700, "description": "The `next` of the page before, of the same order"}
    ),
]
"""A number in order of time; a way on where the order was made for the reader."""

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[A-Za-z0-9_.:-]{8,64}$",
        description="8 to 64 characters of the caller's choice; the same key with the same content finds the first answer",
    ),
]


def _written_out(value: object) -> object:
    """A day is written like 2026-11-21; pydantic alone would take a number for seconds since 1970."""
    if not isinstance(value, str):
        raise ValueError("a day is a text")
    return value


Day = Annotated[date, BeforeValidator(_written_out), Field(ge=date(2000, 1, 1), lt=date(2200, 1, 1))]
Method = Literal["delivery", "pickup"]


class In(BaseModel):
    """A body. What it does not name is refused."""

    model_config = ConfigDict(extra="forbid")


class Out(BaseModel):
    """A part of an answer."""

    # Its fields are read as they stand, from attributes or from keys: no method is called, no relation followed.
    model_config = ConfigDict(from_attributes=True)


class WorkedOut(Schema):
    """A part of an answer."""

    # Some of its fields are worked out by `resolve_…`, which costs several times as much as `Out`.


class Page[T](Out):
    """A page of a list. next: what to give as `cursor` for the following page, null at the end."""

    items: list[T]
    next: str | None


class MoneyOut(Out):
    """minor: in minor units of the currency (fen for CNY)."""

    minor: int
    currency: str


Told = Annotated[str, BeforeValidator(lambda value: value() if callable(value) else value)]
"""A text that an object may have as a method."""


class PictureOut(Out):
    """url: a middle size; srcset: every size, for an <img>."""

    id: int
    url: Told
    srcset: Told
    width: int
    height: int
    alt: str


class PersonOut(Out):
    """name: empty where a block stands between the two."""

    id: int
    name: str


class FaceOut(PersonOut):
    avatar: PictureOut | None


class CardOut(PersonOut):
    avatar_url: str
    is_demo: bool
    is_leader: bool


Strength = Annotated[float, AfterValidator(lambda value: round(value, 3))]
"""How strong a tie is, 0 to 1. It fades by the minute; what is the same to a reader stays the same answer."""


class TieOut(Out):
    """words: such as "sister’s friend". steps: 1 to 3, 0 for a mere neighbour; strength: 0 to 1."""

    words: str
    steps: int
    strength: Strength


def page_of(rows: list[Any], limit: int, key: str = "id") -> dict[str, Any]:
    """Rows of one page, and where the next begins; a full page may be the last one."""
    return {"items": rows, "next": next_of(rows, limit, key)}


def next_of(rows: list[Any], limit: int, key: str = "id") -> str | None:
    """The cursor behind the last of these rows; None when the list ends here."""
    return cursors.write(getattr(rows[-1], key)) if rows and len(rows) == limit else None
