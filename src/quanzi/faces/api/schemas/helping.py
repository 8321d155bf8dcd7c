"""Help that is asked for before or beside a review, and the word that a complaint was solved."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import Field

from quanzi.faces.api.schemas.common import Flag, In, Out, Text


class SolvedIn(In):
    is_solved: Flag


class HelpIn(In):
    """stars, title, body: a draft of the review, kept for later; publishing never waits for help."""

    words: Text = Field(min_length=1, max_length=500)
    stars: int | None = Field(default=None, ge=1, le=5, strict=True)
    title: Text = Field(default="", max_length=60)
    body: Text = Field(default="", max_length=5000)


class HelpAnswerIn(In):
    answer: Text = Field(min_length=1, max_length=500)


class HelpOut(Out):
    """promised_by: until when an answer was promised."""

    id: int
    line_id: int
    order_number: str
    title: str
    buyer_name: str
    words: str
    stars: int | None
    asked_at: datetime
    promised_by: datetime
    answer: str
    answered_at: datetime | None
    answered_by: str


class HelpSpeedOut(Out):
    """Of 90 days. reviews: published after help was asked; before: of them without waiting for the answer."""

    asked: int
    answered: int
    in_time: int
    late: int
    half_within: timedelta | None
    reviews: int
    before: int
