"""Amounts, counts and moments as sheets write them. Pure; each raises an InvalidInput that says what is expected."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from quanzi.growth.importing.tables.reading import formula_in
from quanzi.kernel.clock import SITE_ZONE, midnight
from quanzi.kernel.errors import InvalidInput
from quanzi.kernel.money import LIMIT_MINOR, MoneyOutOfRange
from quanzi.kernel.words import N_

_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,10})?", re.ASCII)
_MOST_DIGITS = 15
_SIGNS = "¥￥$€£元 "
_MINOR = {"JPY": 0, "KRW": 0}
ORDERS = ("ymd", "mdy", "dmy")
"""How a day is written when it does not begin with the year."""

_EXCEL_DAY_ZERO = date(1899, 12, 30)


class NotANumber(InvalidInput):
    code = "not_a_number_in_sheet"
    message = N_("“{text}” is not a number.")


class NumberTooLarge(InvalidInput):
    code = "number_too_large_in_sheet"
    message = N_("“{text}” is too large.")


class NotWhole(InvalidInput):
    code = "not_whole_in_sheet"
    message = N_("“{text}” is not a whole number.")


class NotAMoment(InvalidInput):
    code = "not_a_moment"
    message = N_("“{text}” is not a date. Write it like 2026-11-22 or 2026-11-22 18:30.")


class WhichDay(InvalidInput):
    code = "which_day"
    message = N_("“{text}” can be two days. Say whether the month or the day comes first.")


def number(text: str) -> Decimal:
    """A number with or without currency sign and thousands separators."""
    found = formula_in(text)
    if found is not None:
        raise found
    text = unicodedata.normalize("NFKC", text)  # digits as wide as characters, as Chinese keyboards write them
    bare = text.strip(_SIGNS)
    if text.startswith("-") and bare[:1] != "-":
        bare = "-" + bare.lstrip("-").strip(_SIGNS)
    if not _NUMBER.fullmatch(bare):
        raise NotANumber(text=text[:40])
    if len(bare.partition(".")[0].replace(",", "").lstrip("-")) > _MOST_DIGITS:
        raise NumberTooLarge(text=text[:40])
    return Decimal(bare.replace(",", ""))


def whole(text: str) -> int:
    """A whole number; "3.0" is one."""
    value = number(text)
    if value != value.to_integral_value():
        raise NotWhole(text=text[:40])
    return int(value)


def minor(value: Decimal, currency: str) -> int:
    """Minor units, rounded half up: other shops keep unit prices with more decimals than a coin has."""
    units = (value * 10 ** _MINOR.get(currency, 2)).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    if abs(units) >= LIMIT_MINOR:
        raise MoneyOutOfRange()
    return int(units)


_ISO = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s]+(.*))?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[T\s]*(\d{2}:?\d{2}(?::?\d{2})?))?", re.ASCII)
_SHORT = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:[T\s]+(.*))?", re.ASCII)
_TIME = re.compile(r"(\d{1,2}):?(\d{2})(?::?(\d{2})(?:\.\d+)?)?\s*([AaPp][Mm])?\s*(Z|UTC|[+-]\d{2}:?\d{2})?", re.ASCII)


@lru_cache(maxsize=4096)
def moment(text: str, *, order: str = "") -> datetime:
    """A day with or without a time, in the site's zone unless it names its own.

    order: "mdy" or "dmy" for days that do not begin with the year; without it such a day must leave no doubt.
    """
    found = formula_in(text)
    if found is not None:
        raise found
    if matched := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        year, month, day, rest = matched.groups()
        return _moment(text, int(year), int(month), int(day), rest)
    if matched := _SHORT.fullmatch(text):
        first, second, year, rest = int(matched[1]), int(matched[2]), int(matched[3]), matched[4]
        year += 2000 if year < 100 else 0
        if not order and first <= 12 and second <= 12 and first != second:
            raise WhichDay(text=text[:40])
        day_first = order == "dmy" or (not order and first > 12)
        return _moment(text, year, *((second, first) if day_first else (first, second)), rest)
    if re.fullmatch(r"[3-6]\d{4}(?:\.\d+)?", text, re.ASCII):  # the number that Excel keeps for a day since 1982
        days = float(text)
        at = midnight(_EXCEL_DAY_ZERO) + timedelta(days=int(days))
        return at + timedelta(seconds=round((days - int(days)) * 86_400))
    raise NotAMoment(text=text[:40])


def order_of(texts: Iterable[str]) -> str:
    """Which order of day and month a column's dates prove: "mdy", "dmy", or "" when nothing does."""
    first_is_day = second_is_day = False
    for text in texts:
        if matched := _SHORT.fullmatch(text):
            first_is_day |= int(matched[1]) > 12
            second_is_day |= int(matched[2]) > 12
    return "" if first_is_day == second_is_day else "dmy" if first_is_day else "mdy"


def _moment(text: str, year: int, month: int, day: int, rest: str | None) -> datetime:
    zone: tzinfo = SITE_ZONE
    hour = minute = second = 0
    if rest and rest.strip():
        matched = _TIME.fullmatch(rest.strip())
        if matched is None:
            raise NotAMoment(text=text[:40])
        hour, minute, second = int(matched[1]), int(matched[2]), int(matched[3] or 0)
        half = (matched[4] or "").lower()
        if half:
            hour = hour % 12 + (12 if half == "pm" else 0)
        zone = _zone(matched[5])
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        raise NotAMoment(text=text[:40]) from None


def _zone(text: str | None) -> tzinfo:
    if not text:
        return SITE_ZONE
    if text in ("Z", "UTC"):
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    return timezone((1 if text[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))
