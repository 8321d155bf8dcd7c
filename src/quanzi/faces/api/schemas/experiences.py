"""What people write of goods that they bought."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from quanzi.faces.api.schemas.common import In, Out, Ref, Slug, Text
from quanzi.faces.api.schemas.films import FilmIn


class ExperienceIn(In):
    """line_id: a kept line of one's own order. stars: 1 to 5, null for none. circle: its slug, null for public."""

    line_id: Ref
    title: Text = Field(max_length=400)
    body: Text = Field(default="", max_length=20_000)
    stars: int | None = Field(default=None, strict=True, ge=-(2**31), le=2**31 - 1)
    picture_ids: list[Ref] = Field(default_factory=list, max_length=50)
    film: FilmIn | None = None
    circle: Slug | None = None


class WrittenOut(Out):
    """id: of the post."""

    id: int


class WritableOut(Out):
    """A kept line that the member has not written about."""

    id: int
    order_number: str
    product_id: int
    title: str
    kept_at: datetime
