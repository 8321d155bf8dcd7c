"""Shapes of wishlists, alerts, goods looked at."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from quanzi.faces.api.schemas.common import In, Out, Ref, Slug
from quanzi.faces.api.schemas.goods import ProductRowOut


class WishOut(Out):
    """free: units of all variants that can be bought now."""

    id: int
    product: ProductRowOut = Field(alias="card")
    free: int
    can_be_bought: bool
    made_at: datetime


class WishIn(In):
    product: Slug


class AlertOut(Out):
    """An alert that is open: told once, when the variant can be bought again."""

    sku_id: int
    slug: str
    title: str
    asked_at: datetime


class AlertIn(In):
    sku_id: Ref
