"""Members, addresses, consents, notices, ties, tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from quanzi.faces.api.schemas.common import (
    CardOut,
    Flag,
    Id,
    In,
    Out,
    PictureOut,
    Ref,
    Strength,
    Text,
    TieOut,
    Word,
    WorkedOut,
)
from quanzi.faces.api.scopes import ScopeName


class SessionOut(Out):
    """Who is calling. csrf_token: for the X-CSRFToken header when the session cookie is used; empty for a token."""

    member: CardOut | None
    permissions: list[str]
    csrf_token: str


class TokenIn(In):
    name: Text = Field(max_length=200, description="What the token is for")
    scopes: list[ScopeName] = Field(min_length=1, max_length=50, description="What it may be used for")
    days: int = Field(default=90, strict=True, ge=1, le=365)


class TokenOut(WorkedOut):
    id: int
    name: str
    scopes: list[str]
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None

    @staticmethod
    def resolve_scopes(obj: Any) -> list[str]:
        return str(obj["scopes"] if isinstance(obj, dict) else obj.scopes).split()


class NewTokenOut(TokenOut):
    """secret: shown here once and never again."""

    secret: str


class ProfileOut(Out):
    id: int
    name: str
    bio: str
    email: str | None
    phone: str | None
    language: str
    avatar: PictureOut | None
    is_leader: bool
    is_demo: bool
    joined_at: datetime


class ProfileIn(In):
    """All of it at once. avatar_id: a picture uploaded by the member, null for none."""

    name: Text = Field(max_length=200)
    bio: Text = Field(default="", max_length=1000)
    language: Literal["", "zh-hans", "en"] = ""
    avatar_id: Ref | None = None


class MemberOut(Out):
    """Somebody's page. tie: how they are tied to the reader, null for a stranger."""

    card: CardOut
    bio: str
    joined_at: datetime
    tie: TieOut | None
    circle: str = Field(description="A circle that both are in; empty when there is none")
    is_followed: bool
    is_muted: bool


class AddressIn(In):
    recipient: Text = Field(max_length=200)
    phone: Text = Field(max_length=40)
    region_code: Text = Field(max_length=12, description="Six digits of a district, from GET /divisions")
    detail: Text = Field(max_length=400)
    is_default: Flag = False


class AddressOut(Out):
    id: int
    recipient: str
    phone: str
    region_code: str
    region_name: str
    detail: str
    is_default: bool


class DivisionOut(Out):
    code: str
    name: str


class ConsentIn(In):
    purpose: Word
    channel: Word
    granted: Flag


class ConsentOut(Out):
    """text: the words that are agreed to. decided_at: null when the member never decided."""

    purpose: str
    purpose_label: str
    channel: str
    channel_label: str
    text: str
    granted: bool
    decided_at: datetime | None


class NoticeOut(Out):
    id: int
    kind: str
    title: str
    body: str
    link: str
    created_at: datetime
    is_read: bool


class ReadIn(In):
    """notice_ids: those to mark; null for all."""

    notice_ids: list[Ref] | None = Field(default=None, max_length=200)


class CountOut(Out):
    count: int


class DeviceOut(Out):
    id: int
    device: str
    ip: str
    created_at: datetime
    seen_at: datetime
    is_current: bool


class TrustedOut(Out):
    """A line of "my circle of trust". facts: why, as sentences; received: why they are tied to me.

    steps: 0 for somebody to whom I am not tied, but who is tied to me. is_used: whether things may be recommended through it.
    """

    card: CardOut
    steps: int
    strength: Strength
    bars: int
    word: str
    label: str
    facts: list[str]
    received: list[str]
    hidden: bool
    is_used: bool


class TieRequestIn(In):
    kind: Literal["friend", "family"]
    label: Text = Field(default="", max_length=100, description="The asker's own word, such as sister")


class TieAnswerIn(In):
    accept: Flag
    label: Text = Field(default="", max_length=100)


class TieChangeIn(In):
    hidden: Flag | None = None
    is_used: Flag | None = None
    label: Text | None = Field(default=None, max_length=100)


class TieRequestOut(Out):
    id: int
    card: CardOut
    kind: str
    kind_label: str
    made_at: datetime


class TieRequestsOut(Out):
    to_me: list[TieRequestOut]
    from_me: list[TieRequestOut]


class ReportIn(In):
    reason: Word
    note: Text = Field(default="", max_length=2000)


class BlockOut(Out):
    id: Id
    name: str
    made_at: datetime
