"""Circles, posts, comments."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from quanzi.faces.api.schemas.common import (
    Flag,
    In,
    Out,
    PersonOut,
    PictureOut,
    Ref,
    Slug,
    Text,
    TieOut,
    Word,
    WorkedOut,
)
from quanzi.faces.api.schemas.films import FilmIn, PostFilmOut

Admission = Literal["open", "question", "invitation"]


class CircleRowOut(Out):
    """members: people who belong to it now."""

    id: int
    name: str
    slug: str
    summary: str
    place: str
    admission: str
    cover: PictureOut | None
    members: int


class CircleOut(Out):
    """my_state, my_role: the reader's place in it, empty without one. known: members whom the reader knows within three steps."""

    id: int
    name: str
    slug: str
    summary: str
    charter: str
    place: str
    admission: str
    question: str
    cover: PictureOut | None
    founder: PersonOut
    is_demo: bool
    created_at: datetime
    closed_at: datetime | None
    members: int
    known: int
    my_state: str
    my_role: str
    may_read: bool
    may_post: bool
    may_moderate: bool


class CircleIn(In):
    name: Text = Field(max_length=200)
    summary: Text = Field(default="", max_length=120)
    charter: Text = Field(default="", max_length=500)
    place: Text = Field(default="", max_length=60)
    admission: Admission = "open"
    question: Text = Field(default="", max_length=200)
    cover_id: Ref | None = Field(default=None, description="A picture that the member uploaded")


class CircleChangeIn(In):
    """What is left out stays as it is."""

    name: Text | None = Field(default=None, max_length=200)
    summary: Text | None = Field(default=None, max_length=120)
    charter: Text | None = Field(default=None, max_length=500)
    place: Text | None = Field(default=None, max_length=60)
    admission: Admission | None = None
    question: Text | None = Field(default=None, max_length=200)
    cover_id: Ref | None = None


class JoinIn(In):
    """answer: to the circle's question. token: of a join link."""

    answer: Text = Field(default="", max_length=500)
    token: Word = ""


class AnswerIn(In):
    accept: Flag
    reason: Text = Field(default="", max_length=200, description="Needed for a refusal; the person reads it")


class ReasonIn(In):
    reason: Text = Field(max_length=200)


class RoleIn(In):
    role: Literal["founder", "moderator", "member"]


class LinkIn(In):
    """uses: how many may come in through it, null for no limit. days: how long it lives."""

    uses: int | None = Field(default=None, strict=True, ge=1, le=10_000)
    days: int = Field(default=30, strict=True, ge=1, le=365)


class LinkOut(Out):
    token: str
    url: str
    uses_left: int | None
    made_at: datetime
    expires_at: datetime | None


class PlaceOut(Out):
    """Somebody's place in a circle. answer: what they answered at the door, for moderators."""

    id: int
    member: PersonOut
    role: str
    state: str
    answer: str
    reason: str
    asked_at: datetime
    joined_at: datetime | None


class MemberPlaceOut(Out):
    id: int
    member: PersonOut
    role: str
    joined_at: datetime | None


class FeedItemOut(Out):
    """useful, comments: counts of people and comments. got_sample: the shop gave its author goods that it names.
    answer: the accepted one, of a question. film_seconds: 0 without a film; the card's picture is its poster then."""

    id: int
    kind: str
    title: str
    excerpt: str
    created_at: datetime
    circle_id: int | None
    author_id: int
    author_name: str
    is_demo: bool
    useful: int
    comments: int
    answer: str
    answer_by: str
    got_sample: bool
    film_seconds: int


class TaggedOut(Out):
    id: int
    name: str
    slug: str
    picture: PictureOut | None
    kept: int
    returned: int


class BecauseOut(Out):
    """Why a post stands where it stands: the strongest reason. number: of people, where there are some; taste: which one of mine."""

    kind: Literal["author", "kept", "asked", "fit", "taste", "circle", "useful", "many", "new"]
    number: int
    taste: str


class FeedCardOut(Out):
    """because: where the order was asked for that fits the reader."""

    item: FeedItemOut
    picture: PictureOut | None
    author_avatar: PictureOut | None
    tie: TieOut | None
    product: TaggedOut | None
    is_useful_to_me: bool
    because: BecauseOut | None = None


class ToldStepsOut(Out):
    """People, each once; null where there are so few that they could be guessed (below five)."""

    read: int | None
    signed_out: int | None
    followed: int | None
    joined: int | None
    ordered: int | None


class ToldPostOut(Out):
    post_id: int
    title: str
    steps: ToldStepsOut


class ToldWeekOut(Out):
    monday: date
    steps: ToldStepsOut


class ReadersOut(Out):
    """whole: everybody who first read me in the period; posts: those that were the first to reach enough people."""

    whole: ToldStepsOut
    posts: list[ToldPostOut]
    weeks: list[ToldWeekOut]


class FeedOrderIn(In):
    order: Literal["fit", "latest"]


class PostIn(In):
    """circle: its slug, null for one's own page. products: slugs of goods on sale. Experiences are written at /experiences."""

    kind: Literal["note", "question"] = "note"
    title: Text = Field(max_length=400)
    body: Text = Field(default="", max_length=20_000)
    circle: Slug | None = None
    picture_ids: list[Ref] = Field(default_factory=list, max_length=50)
    film: FilmIn | None = None
    products: list[Slug] = Field(default_factory=list, max_length=50)


class PostChangeIn(In):
    title: Text = Field(max_length=400)
    body: Text = Field(default="", max_length=20_000)


class CircleRefOut(Out):
    id: int
    slug: str
    name: str


class GivenStarsOut(WorkedOut):
    product_id: int
    stars: int | None
    is_void: bool

    @staticmethod
    def resolve_is_void(obj: Any) -> bool:
        return obj.voided_at is not None


class PostOut(Out):
    """experience: what was given for which product, null for other kinds. got_sample: the shop gave its author goods
    that it names. hidden_reason: only its author and moderators read it."""

    id: int
    kind: str
    title: str
    body: str
    author: PersonOut
    tie: TieOut | None
    circle: CircleRefOut | None
    pictures: list[PictureOut]
    film: PostFilmOut | None
    products: list[TaggedOut]
    experience: GivenStarsOut | None
    got_sample: bool
    accepted_comment_id: int | None
    useful: int
    is_useful_to_me: bool
    may_comment: bool
    may_edit: bool
    may_hide: bool
    is_demo: bool
    created_at: datetime
    edited_at: datetime | None
    hidden_at: datetime | None
    hidden_reason: str


class CommentIn(In):
    body: Text = Field(max_length=4000)
    answers_id: Ref | None = Field(default=None, description="A comment of the same post")


class CommentOut(Out):
    """A comment that was taken back or hidden keeps its place in the talk without words and name."""

    id: int
    author: PersonOut | None
    body: str
    answers_id: int | None
    created_at: datetime
    is_gone: bool


class AcceptIn(In):
    comment_id: Ref
