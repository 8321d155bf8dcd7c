"""What a product, a variant and a lot may look like. Pure: values in, refusals out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

from quanzi.goods.catalogue.errors import (
    BadChoice,
    BadNumber,
    BadOptions,
    BadPrice,
    BadSlug,
    LotEndsBeforeItBegins,
    Missing,
    TooFewReturnDays,
    TooLong,
)
from quanzi.goods.catalogue.models import NEEDS_WORD, ReturnRule, StorageCondition
from quanzi.kernel.clock import today
from quanzi.kernel.errors import DomainError
from quanzi.kernel.money import LIMIT_MINOR

MOST_PER_UNIT_MINOR = LIMIT_MINOR // 1_000_000
"""The dearest unit: a thousand order lines of it still fit into one amount."""

SEVEN_DAYS = 7
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)


def text_problems(
    texts: Mapping[str, str], limits: Mapping[str, int], required: tuple[str, ...] = ()
) -> list[DomainError]:
    """Fields that are empty and must not be, or longer than their limit."""
    problems: list[DomainError] = []
    for field, text in texts.items():
        if not isinstance(text, str) or "\x00" in text or (field in required and not text.strip()):
            problems.append(Missing(field=field))
        elif field in limits and len(text) > limits[field]:
            problems.append(TooLong(field=field, most=limits[field]))
    return problems


def slug_problems(slug: str, most: int) -> list[DomainError]:
    if not isinstance(slug, str) or not _SLUG.fullmatch(slug):
        return [BadSlug(field="slug")]
    return [TooLong(field="slug", most=most)] if len(slug) > most else []


def price_problems(minor: object, field: str) -> list[DomainError]:
    """minor: a whole number of minor units, from zero to MOST_PER_UNIT_MINOR."""
    return [] if type(minor) is int and 0 <= minor <= MOST_PER_UNIT_MINOR else [BadPrice(field=field)]


def number_problems(number: object, field: str, most: int) -> list[DomainError]:
    return [] if type(number) is int and 0 <= number <= most else [BadNumber(field=field, least=0, most=most)]


def choice_problems(value: str, choices: list[str], field: str) -> list[DomainError]:
    return [] if value in choices else [BadChoice(field=field)]


def option_problems(options: object) -> list[DomainError]:
    """Options are a few pairs of short texts."""
    if not isinstance(options, Mapping) or len(options) > 5:
        return [BadOptions(field="options")]
    texts = [text for pair in options.items() for text in pair]
    fine = all(isinstance(text, str) and text.strip() and len(text) <= 40 for text in texts)
    return [] if fine else [BadOptions(field="options")]


def return_problems(rule: str, days: int) -> list[DomainError]:
    """The seven days of distance selling are a floor, not a ceiling."""
    return (
        [TooFewReturnDays(field="return_days")]
        if rule in (ReturnRule.SEVEN_DAYS, *NEEDS_WORD) and type(days) is int and days < SEVEN_DAYS
        else []
    )


def lot_problems(made_on: date | None, expires_at: datetime | None) -> list[DomainError]:
    if made_on is not None and expires_at is not None and today(expires_at) < made_on:
        return [LotEndsBeforeItBegins(field="expires_at")]
    return []


def variant_title(product_name: str, options: Mapping[str, str]) -> str:
    """How a variant is called in a cart and on an order: "阳山水蜜桃 · 5 斤"."""
    title = " · ".join([product_name, *options.values()])
    return title if len(title) <= 120 else title[:119] + "…"


RANGES: dict[str, tuple[int, int] | None] = {
    StorageCondition.AMBIENT: None,
    StorageCondition.CHILLED: (0, 40),
    StorageCondition.FROZEN: (-600, -180),
}
"""Least and most of each storage condition, in tenths of a degree Celsius."""


def is_warm(storage: str, temperature_tenths: int | None) -> bool:
    """The goods were measured outside the range of their storage condition."""
    limits = RANGES.get(storage)
    return temperature_tenths is not None and limits is not None and not limits[0] <= temperature_tenths <= limits[1]
