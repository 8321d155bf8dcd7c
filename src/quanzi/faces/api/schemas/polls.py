"""Questions to friends before buying."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from quanzi.faces.api.schemas.common import FaceOut, Flag, In, MoneyOut, Out, PictureOut, Ref, Text, TieOut
from quanzi.faces.api.schemas.orders import OrderingIn


class FriendsQuestionIn(In):
    """people: members from `GET /asked/people`."""

    sku_ids: list[Ref] = Field(min_length=1, max_length=20)
    people: list[Ref] = Field(min_length=1, max_length=60)
    words: Text = Field(default="", max_length=200)


class FriendsAnswerIn(In):
    """good_id: which one to take; null for none of them. has_it: told as a fact only where the member bought and kept it here.
    tells_good_id: one of the goods that they kept, for others to read these words as their experience with it."""

    good_id: Ref | None
    words: Text = Field(default="", max_length=200)
    has_it: Flag = False
    tells_good_id: Ref | None = None


class FriendsDecisionIn(In):
    """thanked: members whose answer helped."""

    decision: Literal["takes", "other", "not"]
    words: Text = Field(default="", max_length=200)
    thanked: list[Ref] = Field(default_factory=list, max_length=20)


class HeldOrderIn(OrderingIn):
    good_id: Ref


class MayBeAskedIn(In):
    may_be_asked: Flag


class MayBeAskedOut(Out):
    may_be_asked: bool


class AskablePersonOut(Out):
    """tie: how they are tied to the caller, in words."""

    person: FaceOut
    tie: str


class HeldGoodOut(Out):
    """price: of one while the question is open; today: its list price now. is_lost: its unit is not held any more. order: number of the
    order that took it, for the asker."""

    id: int
    sku_id: int
    title: str
    product_slug: str
    picture: PictureOut | None
    price: MoneyOut
    today: MoneyOut
    is_lost: bool
    order: str
    is_paid: bool


class FriendsQuestionRowOut(Out):
    """end_reason: empty, time, decided, bought. decision: empty, takes, other, not. asked, answered: people. is_open: price and goods are held."""

    code: str
    words: str
    asker: FaceOut
    asked_at: datetime
    closes_at: datetime
    ended_at: datetime | None
    end_reason: str
    decision: str
    told: str
    asked: int
    answered: int
    is_mine: bool
    has_answered: bool
    is_open: bool
    goods: list[HeldGoodOut]


class FriendsVoiceOut(Out):
    """says: empty, yes, no. has_it: they say so; kept: and they bought and kept it here. told_id: the post in which everybody
    reads it as their experience."""

    face: FaceOut
    says: str
    good_id: int | None
    words: str
    answered_at: datetime | None
    is_thanked: bool
    has_it: bool
    kept: bool
    tie: TieOut | None
    told_id: int | None


class FriendsQuestionOut(Out):
    """voices: of everybody for the asker, their own only for somebody who was asked."""

    card: FriendsQuestionRowOut
    voices: list[FriendsVoiceOut]
