"""Shapes of pages of one's own: how they are arranged, records of facts, reports of who came."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from quanzi.faces.api.schemas.common import PLAIN, Flag, In, Out, Ref

Section = Literal["pins", "kept", "goods", "notes"]


class FrontPinOut(Out):
    """A note or goods. by_id, by_name, kept_at: who bought and kept the goods and stands by them.

    is_made: goods of their own making.
    """

    id: int
    post_id: int | None
    product_id: int | None
    note: str
    by_id: int | None
    by_name: str
    kept_at: datetime | None
    is_made: bool


class FrontOut(Out):
    """followers: ties of following that stand; null for a circle. sections: those shown, in order."""

    kind: str
    key: str
    name: str
    intro: str
    sections: list[str]
    pins: list[FrontPinOut]
    followers: int | None


class FrontReachOut(Out):
    """People who follow: who gets news at once, within seven days, not at all. -1: fewer than five; else in whole fives, at least so many."""

    at_once: int
    later: int
    never: int


class FrontNewsOut(Out):
    """got, opened, welcome, refused: people, told as in reach. goes_at: may be undone until then; until: goes no further from then on."""

    id: int
    words: str
    title: str
    target: str
    written_at: datetime
    goes_at: datetime
    until: datetime
    undone_at: datetime | None
    is_waiting: bool
    goes_on: bool
    got: int
    opened: int
    welcome: int
    refused: int


class FrontNewsPageOut(Out):
    """reach: null where fewer than five follow."""

    reach: FrontReachOut | None
    news: list[FrontNewsOut]


class FrontNewsIn(In):
    """One of product_id, post_id, team_id to look at, or none."""

    words: Annotated[str, Field(pattern=PLAIN, min_length=1, max_length=300)]
    product_id: Ref | None = None
    post_id: Ref | None = None
    team_id: Ref | None = None


class FrontMuteIn(In):
    is_muted: Flag


class FrontIn(In):
    """sections: those not named are hidden."""

    intro: Annotated[str, Field(pattern=PLAIN, max_length=300)] = ""
    sections: Annotated[list[Section], Field(max_length=4)] = ["pins", "kept", "goods", "notes"]


class FrontPinIn(In):
    """One of post_id, product_id, line_id (an order line of one's own that was kept)."""

    post_id: Ref | None = None
    product_id: Ref | None = None
    line_id: Ref | None = None
    note: Annotated[str, Field(pattern=PLAIN, max_length=140)] = ""


class FrontMoveIn(In):
    up: Flag


class RecordShownIn(In):
    is_shown: Flag


class RecordFactOut(Out):
    """count of so many; low_bp, high_bp: 95 % interval of the share, in basis points; is_told: there are cases enough to speak of one."""

    key: str
    role: str
    count: int
    of: int
    low_bp: int
    high_bp: int
    is_share: bool
    is_told: bool


class PublicRecordOut(Out):
    """Facts of the last year. left_out: order lines of people of a ring, for moderators; null for everybody else."""

    member_id: int
    name: str
    since: datetime
    maker_slug: str | None
    leads: bool
    supplies: bool
    reply_hours: float | None
    left_out: int | None
    facts: list[RecordFactOut]


class RecordCaseOut(Out):
    """One fact behind a number. mark: random, the same for the same order line everywhere."""

    id: int
    mark: str
    at: datetime
    speaks: bool
    title: str
    post_id: int | None


class ReportStepsOut(Out):
    """People. arrived is exact; of the others −1 means fewer than five, and more are told in whole fives."""

    arrived: int
    members: int
    joined: int
    ordered: int
    lasting: int


class ReportSourceOut(Out):
    kind: str
    name: str
    target: str
    visits: int
    passed_on: int


class ReportDayOut(Out):
    on: date
    visits: int


class LoyaltyOut(Out):
    """Of `of` people who were here before the last `days` days; null until there are ten."""

    days: int
    of: int
    back: int | None
    again: int | None


class FrontReportOut(Out):
    """Who came through the owner's links in the last `days` days, in the same time before, and ever. No names, no contacts."""

    days: int
    visits: int
    visits_before: int
    by_day: list[ReportDayOut]
    sources: list[ReportSourceOut]
    steps: ReportStepsOut
    before: ReportStepsOut
    ever: ReportStepsOut
    fans: int
    gained: int
    gained_before: int
    loyalty: list[LoyaltyOut]
