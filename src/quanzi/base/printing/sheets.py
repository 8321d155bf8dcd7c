"""What stands on each kind of sheet. Everything is text that is ready to read; codes are what a scanner shall say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.utils.translation import gettext, ngettext

from quanzi.base.printing.setting import qr_svg, set_pdf

SHOWN = 6
"""Kinds of goods that a label names; the packing list names them all."""


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """One kind of goods on a list. second: lot, storage, options, what helps to find it."""

    title: str
    quantity: int
    second: str = ""


@dataclass(frozen=True, slots=True)
class ParcelLabel:
    """What is stuck on a parcel. code: what the scanner says; part: "1/2" of an order in several parcels, else ""."""

    code: str
    number: str
    recipient: str
    phone: str
    region: str
    address: str
    carrier: str = ""
    tracking: str = ""
    part: str = ""
    place: str = ""
    note: str = ""
    lines: tuple[GoodsLine, ...] = ()


@dataclass(frozen=True, slots=True)
class PackingList:
    """What belongs into one box, to tick while packing and to lie in it."""

    number: str
    code: str
    who: str
    where: str
    lines: tuple[GoodsLine, ...]
    note: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class QrCard:
    """One code to cut out, with a title and a line under it."""

    text: str
    title: str
    second: str = ""


@dataclass(frozen=True, slots=True)
class CodeSheet:
    """Cards on A4. across: how many stand side by side, 1 to 4."""

    title: str
    cards: tuple[QrCard, ...]
    across: int = 3


@dataclass(frozen=True, slots=True)
class Column:
    """is_number: at the right; share: of the width, beside the others."""

    label: str
    is_number: bool = False
    share: int = 2


@dataclass(frozen=True, slots=True)
class ListSheet:
    """A plain list: purchase sheet, picking list, stops of a run. code: what the code at its head says, "" for none.

    rows: as many texts as columns; a row that begins with "#" opens a part with this title. total: a last row, or ().
    """

    title: str
    second: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()
    code: str = ""
    note: str = ""
    ticks: bool = True


def parcel_labels(labels: Sequence[ParcelLabel], *, sender: str, now: datetime) -> bytes:
    """One label of 100 × 150 mm on each page. sender: the shop, as it stands at the foot."""
    facts = [
        {
            **asdict(one),
            "lines": [asdict(line) for line in one.lines[:SHOWN]],
            "qr": qr_svg(one.code),
            "more": _more(one),
        }
        for one in labels
    ]
    words = {"to": gettext("Ship to"), "from": gettext("Sender"), "note": gettext("Buyer's note")}
    return set_pdf("label", {"labels": facts, "sender": sender, "words": words}, now=now)


def _more(label: ParcelLabel) -> str:
    n = len(label.lines) - SHOWN
    return ngettext("and %(n)s more kind of goods", "and %(n)s more kinds of goods", n) % {"n": n} if n > 0 else ""


def packing_lists(lists: Sequence[PackingList], *, sender: str, now: datetime) -> bytes:
    """Each list begins a page of A5, so that it can lie in the box."""
    facts = [
        {**asdict(one), "qr": qr_svg(one.code), "units": sum(line.quantity for line in one.lines)} for one in lists
    ]
    words = {
        "title": gettext("Packing list"),
        "goods": gettext("Goods"),
        "quantity": gettext("Quantity"),
        "total": gettext("Items in all"),
        "note": gettext("Buyer's note"),
        "packed": gettext("Packed by"),
    }
    return set_pdf("packing", {"lists": facts, "sender": sender, "words": words}, now=now)


def code_sheet(sheet: CodeSheet, *, now: datetime) -> bytes:
    """Cards with codes to cut out."""
    if not 1 <= sheet.across <= 4:
        raise ValueError("one to four cards stand side by side")
    cards = [{**asdict(one), "qr": qr_svg(one.text)} for one in sheet.cards]
    return set_pdf("codes", {"title": sheet.title, "cards": cards, "across": sheet.across}, now=now)


def list_sheet(sheet: ListSheet, *, sender: str, now: datetime) -> bytes:
    """A list on A4, its head repeated on each page."""
    wrong = [row for row in sheet.rows if len(row) != len(sheet.columns) and not row[0].startswith("#")]
    if wrong or (sheet.total and len(sheet.total) != len(sheet.columns)):
        raise ValueError("each row has as many texts as there are columns")
    facts = {**asdict(sheet), "qr": qr_svg(sheet.code) if sheet.code else ""}
    return set_pdf("list", {"sheet": facts, "sender": sender}, now=now)
