"""What an invoice says, on paper that a shop hands to its customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.utils.translation import gettext

from quanzi.base.printing.setting import set_pdf

DIGITS = "零壹贰叁肆伍陆柒捌玖"


@dataclass(frozen=True, slots=True)
class Party:
    """Who buys or sells. facts: further lines, label and value."""

    role: str
    name: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """Texts ready to read; unit is empty where the amount is no whole number of equal prices."""

    title: str
    quantity: str
    unit: str
    amount: str


@dataclass(frozen=True, slots=True)
class InvoiceSheet:
    """facts: number, date, order. words: the total in capital figures, "" for none. red: what stands under the total when a red
    letter cancelled it, else ()."""

    title: str
    state: str
    facts: tuple[tuple[str, str], ...]
    parties: tuple[Party, Party]
    lines: Sequence[InvoiceLine]
    total: str
    words: str = ""
    red: tuple[tuple[str, str], ...] = ()
    note: str = ""


def invoice_sheet(sheet: InvoiceSheet, *, sender: str, now: datetime) -> bytes:
    """One invoice on A4."""
    heads = [gettext("Goods or service"), gettext("Quantity"), gettext("Price of one"), gettext("Amount")]
    return set_pdf(
        "invoice",
        {"sheet": asdict(sheet), "sender": sender, "heads": heads, "total": gettext("Sum of the invoice")},
        now=now,
    )


def capitals(minor: int) -> str:
    """An amount of CNY in the capital figures that Chinese papers ask for; minor: never negative."""
    yuan, rest = divmod(minor, 100)
    jiao, fen = divmod(rest, 10)
    whole = f"{_whole(yuan)}元" if yuan else ""
    if not rest:
        return f"{whole or '零元'}整"
    tenths = f"{DIGITS[jiao]}角" if jiao else "零" if yuan else ""
    return whole + tenths + (f"{DIGITS[fen]}分" if fen else "整")


def _whole(number: int) -> str:
    said, is_gap = "", False
    for power, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        part, number = divmod(number, power)
        if part:
            said += ("零" if said and (is_gap or part < 1000) else "") + _thousands(part) + name
        is_gap = not part
    return said


def _thousands(number: int) -> str:
    said, is_gap = "", False
    for digit, name in zip(f"{number:04d}", ("仟", "佰", "拾", ""), strict=True):
        if digit != "0":
            said += ("零" if said and is_gap else "") + DIGITS[int(digit)] + name
        is_gap = digit == "0"
    return said
