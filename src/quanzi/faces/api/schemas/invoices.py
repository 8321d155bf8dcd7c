"""Invoices."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from quanzi.faces.api.schemas.common import In, MoneyOut, Out, Text


class InvoiceIn(In):
    """tax_number: for a company, 15 to 20 digits and capital letters."""

    kind: Literal["person", "company"]
    title: Text = Field(min_length=1, max_length=100)
    tax_number: Text = Field(default="", max_length=24)
    email: Text = Field(default="", max_length=120)


class InvoiceNumberIn(In):
    number: Text = Field(min_length=4, max_length=40)


class InvoiceOut(Out):
    """state: asked, issued, red_needed, reversed or withdrawn. amount: of one that is only asked for, what it would be about now.

    file_kind, red_file_kind: pdf or ofd of the lawful file that is kept; empty without one.
    """

    id: int
    order_number: str
    kind: str
    kind_label: str
    title: str
    tax_number: str
    email: str
    state: str
    state_label: str
    amount: MoneyOut
    asked_at: datetime
    number: str
    issued_at: datetime | None
    red_needed_at: datetime | None
    red_number: str
    reversed_at: datetime | None
    file_kind: str
    red_file_kind: str


class InvoiceMonthOut(Out):
    """Minor units of CNY."""

    month: date
    issued: int
    issued_minor: int
    reversed: int
    reversed_minor: int
