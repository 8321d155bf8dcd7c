"""Shapes of topics, leads and offers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from quanzi.faces.api.schemas.common import PLAIN, Flag, In, Out, PersonOut, Ref

OfferWords = Annotated[str, Field(pattern=PLAIN, min_length=1, max_length=300)]


class OfferTopicOut(Out):
    """A topic on which I may be open to offers. sentence: what a sensitive one asks me to agree to; to, until: None while it is closed."""

    id: int
    name: str
    words: str
    is_sensitive: bool
    sentence: str
    to: Literal["shop", "known", "any"] | None
    until: datetime | None


class OpenTopicIn(In):
    """to: the shop only, leaders I know too, or any leader; i_agree: to the sentence of a sensitive topic."""

    to: Literal["shop", "known", "any"]
    days: Literal[30, 90, 365]
    i_agree: Flag = False


class ApproachOut(Out):
    """Something that came to me. sender: None for the shop; post_id: what I wrote that it is about."""

    id: int
    kind: str
    sender: PersonOut | None
    words: str
    product_slug: str | None
    post_id: int | None
    topic: str | None
    at: datetime
    answer: str


class OfferAnswerIn(In):
    answer: Literal["thanks", "ask", "no"]


class OfferSeenOut(Out):
    """Who was shown a post of mine. watcher: None for the shop."""

    lead_id: int
    post_id: int
    title: str
    watcher: PersonOut | None
    topic: str
    shown_at: datetime
    is_closed: bool


class AttentionIn(In):
    """begins, ends: hours of the site's day between which commercial messages show; both, or neither to leave them."""

    per_week: Annotated[int, Field(strict=True, ge=0, le=7)]
    begins: Annotated[int, Field(strict=True, ge=9, le=20)] | None = None
    ends: Annotated[int, Field(strict=True, ge=10, le=21)] | None = None


class AttentionOut(Out):
    per_week: int
    begins: int
    ends: int


class FewerIn(In):
    """member_id: None for the shop; fewer: at most one message in ninety days, or as before."""

    member_id: Ref | None = None
    fewer: Flag = True


class WatchIn(In):
    """words: up to five, with commas between, of which one must stand in the post too."""

    topic_id: Ref
    words: Annotated[str, Field(pattern=PLAIN, max_length=120)] = ""


class WatchOut(Out):
    id: int
    topic_id: int
    topic: str
    words: str
    made_at: datetime


class LeadOut(Out):
    """A post whose author is open to offers on its topic. tie: how they are tied to me, "" for a stranger; found: the words it was found by."""

    id: int
    post_id: int
    title: str
    excerpt: str
    author: PersonOut
    tie: str
    steps: int
    topic: str
    found: str
    state: str
    written_at: datetime
    offered: str
    answer: str


class ApproachIn(In):
    words: OfferWords
    product_id: Ref | None = None


class SuggestionIn(In):
    member_id: Ref
    product_id: Ref
    words: OfferWords


class OfferHealthOut(Out):
    """How my messages of ninety days are met, over all people together; paused: people whom I may not write to now."""

    people: int
    sent: int
    opened: int
    welcome: int
    refused: int
    paused: int


class SenderOut(Out):
    """Commercial messages of one sender in ninety days. sender: None for the shop."""

    sender: PersonOut | None
    sent: int
    people: int
    welcome: int
    refused: int
    paused: int


class StaffTopicIn(In):
    """words: up to forty, with commas between."""

    name: Annotated[str, Field(pattern=PLAIN, min_length=1, max_length=20)]
    name_en: Annotated[str, Field(pattern=PLAIN, max_length=40)] = ""
    words: Annotated[str, Field(pattern=PLAIN, min_length=1, max_length=600)]
    is_sensitive: Flag = False
    is_off: Flag = False


class StaffTopicOut(Out):
    id: int
    name: str
    name_en: str
    words: str
    is_sensitive: bool
    is_off: bool
