"""Shapes of circles that fall apart."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from quanzi.faces.api.schemas.common import PLAIN, Flag, In, Out, Ref


class CircleLookOut(Out):
    """The newest look: modularity of the cut, what chance alone gives (mean and deviation), how far several attempts agree."""

    looked_at: datetime
    outcome: str
    members: int
    ties: int
    modularity: float
    chance: float
    spread: float
    agreement: float


class SplitFaceOut(Out):
    id: int
    name: str


class SplitLeaderOut(Out):
    """Why somebody could lead a part: how many of it trust them, answers that helped, words within ninety days, a role already."""

    member_id: int
    name: str
    trusted_by: int
    answers: int
    words: int
    keeps: bool


class SplitPartOut(Out):
    """leader_state: none, asked, agreed or declined. leaders: for whoever looks after the circle."""

    id: int
    name: str
    words: list[str]
    people: int
    leader: SplitFaceOut | None
    leader_state: str
    leaders: list[SplitLeaderOut]
    circle_slug: str | None
    is_home: bool
    is_in: bool
    asks_me: bool


class SplitChangeOut(Out):
    """For one person and week; the difference lies between low and high in 95 of 100 such cases."""

    before: float
    after: float
    low: float
    high: float


class SplitActivityOut(Out):
    """None while less than a week or too few people say nothing."""

    part_id: int
    people: int
    weeks: float
    words: SplitChangeOut | None
    orders: SplitChangeOut | None


class CircleSplitOut(Out):
    """A cut. inside: percent of interactions that stay within a part; flows: how often parts had to do with each other."""

    id: int
    state: str
    found_at: datetime
    decided_at: datetime | None
    undo_until: datetime | None
    undone_at: datetime | None
    people: int
    unclear: int
    inside: int
    flows: list[list[int]]
    parts: list[SplitPartOut]
    bridges: list[SplitFaceOut]
    activity: list[SplitActivityOut]
    chosen_at: datetime | None
    may_decide: bool
    may_undo: bool
    may_choose: bool


class CircleSplitsOut(Out):
    """least_members: from how many people on circles are looked at; look, split: the newest, when there is one."""

    least_members: int
    look: CircleLookOut | None
    split: CircleSplitOut | None


class SplitPartIn(In):
    """name: of the new circle; leader_id: who is asked to lead it, nobody when it is null."""

    id: Ref
    name: Annotated[str, Field(pattern=PLAIN, max_length=60)]
    leader_id: Ref | None = None


class SplitIn(In):
    """sure: said after reading what will happen."""

    parts: Annotated[list[SplitPartIn], Field(max_length=8)]
    sure: Flag


class SplitUndoIn(In):
    sure: Flag


class SplitChoiceIn(In):
    """Exactly the parts to be in; none is to stay in the old circle alone."""

    part_ids: Annotated[list[Ref], Field(max_length=8)]


class SplitLeadIn(In):
    agrees: Flag


class SplitSettingIn(In):
    least_members: Annotated[int, Field(strict=True, ge=0, le=10_000_000)]


class SplitSettingOut(Out):
    least_members: int
