"""Freight templates."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from quanzi.faces.api.schemas.common import AmountMinor, Flag, In, Out, Quantity, Ref, Text

Region = Annotated[str, Field(pattern=r"^[0-9]{6}$")]


class AreaIn(In):
    """regions: codes of provinces, cities or districts, none for everywhere else. first, step: grams or items; free_from_minor: null for never."""

    regions: Annotated[list[Region], Field(max_length=400)] = []
    by: Literal["weight", "count"] = "weight"
    first: Quantity = 1_000
    first_minor: AmountMinor = 0
    step: Annotated[Quantity, Field(ge=1)] = 1_000
    step_minor: AmountMinor = 0
    free_from_minor: AmountMinor | None = None
    is_served: Flag = True


class FreightTemplateIn(In):
    name: Annotated[Text, Field(min_length=1, max_length=40)]
    areas: Annotated[list[AreaIn], Field(min_length=1, max_length=40)]
    is_default: Flag = False


class FreightGoodsIn(In):
    product_ids: Annotated[list[Ref], Field(max_length=500)] = []
    away: Annotated[list[Ref], Field(max_length=500)] = []


class AreaOut(Out):
    """As it was written."""

    regions: list[str]
    by: str
    first: int
    first_minor: int
    step: int
    step_minor: int
    free_from_minor: int | None
    is_served: bool


class FreightTemplateOut(Out):
    """is_default: it holds for goods that name none."""

    id: int
    name: str
    is_default: bool
    areas: list[AreaOut]
    product_ids: list[int]
