"""Shapes of the board of needs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from quanzi.faces.api.schemas.common import PLAIN, In, Out, Ref


class NeedOut(Out):
    """What people want and nobody here has. what: the words, or the title of the question `post_id`; wanted: members behind it."""

    id: int
    what: str
    post_id: int | None
    state: str
    answer: str
    product_slug: str | None
    preorder_id: int | None
    opened_at: datetime
    answered_at: datetime | None
    wanted: int
    is_mine: bool


class NeedIn(In):
    words: Annotated[str, Field(pattern=PLAIN, min_length=2, max_length=20)]


class NeedAnswerIn(In):
    """found needs product_id, preorder needs preorder_id, declined needs words."""

    state: Literal["seeking", "found", "preorder", "declined"]
    words: Annotated[str, Field(pattern=PLAIN, max_length=200)] = ""
    product_id: Ref | None = None
    preorder_id: Ref | None = None
