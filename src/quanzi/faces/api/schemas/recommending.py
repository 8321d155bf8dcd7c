"""Shapes of goods that are chosen for somebody."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from quanzi.faces.api.schemas.common import Flag, In, Out, Slug
from quanzi.faces.api.schemas.goods import ProductRowOut


class RecommendationOut(Out):
    """because: goods of the member's own that others kept beside these; tied: percent of the place that ties carry.

    since_days, usual_days: of goods that are used up by now: when the member had them last, and after how long people have them again.
    """

    product: ProductRowOut = Field(alias="card")
    because: ProductRowOut | None
    tied: int
    since_days: int | None
    usual_days: int | None


class RecommendationsOut(Out):
    """is_personal: false when the member switched it off, and goods are those that most people kept. from_engine: false for a beginning
    from what their people and then what most people kept. trained_at: when the engine last read what was kept."""

    rows: list[RecommendationOut]
    is_personal: bool
    from_engine: bool
    trained_at: datetime | None


class PersonalIn(In):
    is_personal: Flag


class NotThisIn(In):
    product: Slug


class CircleGoodsOut(Out):
    """product: best first; the list names nobody."""

    product: ProductRowOut = Field(alias="card")
