"""Short films."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from quanzi.faces.api.schemas.common import Flag, In, Out, PictureOut, Text


class FilmOut(Out):
    """state: arriving, waiting, ready, failed. received: bytes that are here; part_bytes: the most that one part may hold.
    fault: why it failed, in words. url: an MP4, once it is ready."""

    code: str
    state: Literal["arriving", "waiting", "ready", "failed"]
    size: int
    received: int
    part_bytes: int
    fault: str
    url: str
    poster: PictureOut | None
    seconds: int
    width: int
    height: int


class PostFilmOut(Out):
    """words: what is said, as text or as WebVTT; is_silent: nothing is said."""

    url: str
    captions_url: str
    poster: PictureOut
    seconds: int
    width: int
    height: int
    words: str
    is_silent: bool


class FilmBeginIn(In):
    """key: the sender's own mark of this film, such as a UUID; the same again finds what was begun. size: bytes."""

    key: str = Field(max_length=40, pattern=r"^[A-Za-z0-9_-]+$")
    size: int = Field(strict=True, ge=1, le=2**31 - 1)


class FilmIn(In):
    """code: of a film that the member sent. words: what is said, as text or as WebVTT; needed unless is_silent."""

    code: str = Field(pattern=r"^[0-9a-f]{32}$")
    words: Text = Field(default="", max_length=20_000)
    is_silent: Flag = False
