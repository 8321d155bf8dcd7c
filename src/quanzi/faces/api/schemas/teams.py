"""Seats of teams."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from quanzi.faces.api.schemas.common import MoneyOut, Out, PictureOut, Quantity, Slug
from quanzi.faces.api.schemas.goods import LadderStepOut, OfferOut
from quanzi.faces.api.schemas.orders import OrderingIn


class SeatIn(OrderingIn):
    quantity: Quantity = 1
    came_by: Slug | None = Field(default=None, description="Token of the link that brought the member")


class TeamRowOut(Out):
    """paid: live paid seats; missing: paid seats it still needs; free: seats nobody holds.

    reached: the price that paid seats make now, and the final one once a ladder has ended; next_step: what more people would make.
    opener_name: empty where the team has ended and the reader has no seat in it, and where a block stands between the two;
    opener_id is null then, and for visitors.
    """

    id: int
    code: str
    state: str
    opener_id: int | None
    opener_name: str
    team_size: int
    paid: int
    missing: int
    free: int
    deadline: datetime
    price: MoneyOut
    reached: MoneyOut
    next_step: LadderStepOut | None
    offer: OfferOut


class SeatFaceOut(Out):
    """name: empty where a block stands between the two; member_id is null then. Visitors get neither member_id nor paid_at."""

    member_id: int | None
    name: str
    avatar: PictureOut | None
    is_opener: bool
    paid_at: datetime | None


class MySeatOut(Out):
    """leaving: what leaving would do now: cancel, refund, or why it is not possible. levelled: what a ladder gave back."""

    state: str
    order_number: str
    order_state: str
    pay_by: datetime
    quantity: int
    leaving: str
    levelled: MoneyOut | None


class TeamOut(Out):
    """why_not: code of the reason why the reader cannot join, empty when they can.

    faces: people with a paid seat, while the team takes people; once it has ended they are for whoever has a seat in it.
    """

    card: TeamRowOut
    opened_at: datetime
    succeeded_at: datetime | None
    failed_at: datetime | None
    faces: list[SeatFaceOut]
    held: int
    left_after: int
    mine: MySeatOut | None
    may_join: bool
    why_not: str
