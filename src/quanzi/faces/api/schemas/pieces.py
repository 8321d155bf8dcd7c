"""Numbered pieces, their certificates and records."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from quanzi.faces.api.schemas.common import Flag, In, MoneyOut, Out, PictureOut, Quantity, Ref, Text, Word
from quanzi.faces.api.schemas.orders import OrderingIn


class EditionOut(Out):
    """free: numbers that anybody may order; owned: how many have an owner; waiting: people on the list."""

    id: int
    code: str
    sku_id: int
    title: str
    story: str
    picture: PictureOut | None
    maker_name: str
    maker_slug: str
    price: MoneyOut
    size: int
    may_choose: bool
    free: list[int]
    owned: int
    waiting: int


class PieceAskOut(Out):
    """state: waiting or turn; before: people who asked earlier; number, turn_until: of a turn."""

    state: str
    before: int
    number: int | None
    turn_until: datetime | None


class OwnedPieceOut(Out):
    """code: of the certificate."""

    number: int
    code: str


class EditionPageOut(Out):
    edition: EditionOut
    ask: PieceAskOut | None
    mine: list[OwnedPieceOut]


class PieceRecordOut(Out):
    """kind: sold, care, repair, handed_on, came_back. Nobody is named."""

    kind: str
    text: str
    by_maker: bool
    is_mine: bool
    written_at: datetime
    pictures: list[PictureOut]


class PieceOut(Out):
    """A certificate. state: free, offered, ordered, owned; token: of a handing that waits, for the owner only."""

    id: int
    code: str
    number: int
    state: str
    edition: EditionOut
    records: list[PieceRecordOut]
    is_mine: bool
    may_write: bool
    token: str


class MyPieceOut(Out):
    code: str
    title: str
    number: int
    size: int


class PieceOrderIn(OrderingIn):
    number: Quantity | None = Field(default=None, description="Where buyers choose; without it the next free one")


class PieceRecordIn(In):
    kind: Word = Field(description="care or repair")
    text: Text = Field(max_length=2000)


class HandingOut(Out):
    """token: whoever takes it by POST /handings/{token} owns the piece."""

    token: str


class EditionIn(In):
    sku_id: Ref = Field(description="Of a draft; its pieces are on the shelf")
    size: Quantity
    story: Text = Field(default="", max_length=4000)
    may_choose: Flag = True
