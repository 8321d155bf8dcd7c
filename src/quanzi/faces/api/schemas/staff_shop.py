"""What the shop tells of itself, as the staff sees and changes it."""

from __future__ import annotations

from pydantic import Field

from quanzi.faces.api.schemas.common import AmountMinor, In, Out, Text


class ShopOut(Out):
    """What the shop tells of itself. freight_…: null for the usual."""

    name: str
    about: str
    accent: str
    language: str
    phone: str
    email: str
    hours: str
    freight_minor: int | None
    freight_free_from_minor: int | None
    legal_name: str
    credit_code: str
    permits: str
    address: str


class ShopIn(In):
    """What is left out stays as it is."""

    name: Text | None = Field(default=None, max_length=40)
    about: Text | None = Field(default=None, max_length=2000)
    phone: Text | None = Field(default=None, max_length=30)
    email: Text | None = Field(default=None, max_length=254)
    hours: Text | None = Field(default=None, max_length=60)
    freight_minor: AmountMinor | None = None
    freight_free_from_minor: AmountMinor | None = None
