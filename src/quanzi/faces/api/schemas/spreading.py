"""Shapes of samples, reach, and whom to ask for an area."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from quanzi.faces.api.schemas.common import PLAIN, AmountMinor, Flag, In, MoneyOut, Out, Ref


class SpreadPlanIn(In):
    """Samples of goods on sale; postage for one and the cost of the goods must fit the budget. days: how long arrivals count."""

    name: Annotated[str, Field(pattern=PLAIN, min_length=1, max_length=80)]
    product_id: Ref
    samples: Annotated[int, Field(strict=True, ge=1, le=500)]
    postage_minor: AmountMinor = 0
    budget_minor: AmountMinor
    days: Annotated[int, Field(strict=True, ge=7, le=180)] = 30


class SpreadPlanOut(Out):
    """state: counting, ready, asking or closed. outcome: what the counting found: people, ties, willing, guarantee (least share of the best choice
    that this one reaches, with 99 % certainty), methods (people expected, with 95 % interval), steps and total (people besides those asked,
    with 90 % interval). telling_bp: assumed when telling_seen is 0."""

    id: int
    name: str
    goods: str
    slug: str
    state: str
    samples: int
    unit_cost: MoneyOut
    budget: MoneyOut
    percent: int
    telling_bp: int
    telling_seen: int
    outcome: dict[str, Any]
    made_at: datetime
    ends_at: datetime
    asked: int
    accepted: int
    sent: int


class SpreadSeedOut(Out):
    """Somebody chosen. came: people who came through them by step; they are counted, never named."""

    id: int
    member_id: int
    name: str
    place: int
    adds: float
    state: str
    asked_at: datetime | None
    came: list[int]


class SpreadSeenOut(Out):
    """steps: people who came, by step; verdict: few, below, within or above the forecast, empty without one."""

    steps: list[int]
    bought: int
    verdict: str


class SpreadWholeOut(Out):
    """A plan with whom it asks and what was seen."""

    plan: SpreadPlanOut
    seeds: list[SpreadSeedOut]
    seen: SpreadSeenOut


class SpreadAskedOut(Out):
    asked: int


class LeaderStandingOut(Out):
    """Counts of people."""

    helped: int
    kept_advice: int
    good_voices: int
    circles: list[str]
    neighbours: int


class SuggestionOut(Out):
    member_id: int
    name: str
    area: str
    standing: LeaderStandingOut


class SampleOfferOut(Out):
    """A sample that the caller was offered. link: token of their own link to the goods, once it is on its way."""

    id: int
    goods: str
    slug: str
    state: str
    asked_at: datetime
    ends_at: datetime
    link: str


class StationCallOut(Out):
    """The shop asks the caller to look after a station, and why."""

    id: int
    area: str
    state: str
    asked_at: datetime
    helped: int
    kept_advice: int
    good_voices: int
    circles: list[str]
    neighbours: int


class ReachOut(Out):
    """low, high: people within three steps, rounded; see_low, see_high: whom a word comes to, in 9 of 10 cases. is_thin: too few for a number."""

    agreed: bool
    counted_at: datetime | None
    is_thin: bool
    low: int
    high: int
    see_low: int
    see_high: int


class AskedOfMeOut(Out):
    samples: list[SampleOfferOut]
    stations: list[StationCallOut]
    reach: ReachOut


class SampleAnswerIn(In):
    """address_id: one of the caller's addresses; without it the sample is fetched at the shop."""

    yes: Flag
    address_id: Ref | None = None


class StationAnswerIn(In):
    yes: Flag
