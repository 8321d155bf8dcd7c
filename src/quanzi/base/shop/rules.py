"""Pure rules about what a shop says of itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from quanzi.base.shop import errors
from quanzi.base.shop.models import NOTICE, Accent, Registration, Taxpayer
from quanzi.kernel.clock import local, midnight
from quanzi.kernel.errors import DomainError

LONGEST = {
    "name": 40, "about": 2000, "phone": 30, "email": 254, "hours": 60, "legal_name": 100, "permits": 200, "address": 200,
    "invoices": 200,
}  # fmt: skip
"""Characters of the free texts."""

LONGEST_RULES = 20_000

CREDIT_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_LENGTH, OLD_LENGTH = 18, 15

LANGUAGES = ("zh-hans", "en")

CHOICES: dict[str, list[str]] = {
    "accent": Accent.values, "language": list(LANGUAGES), "registration": Registration.values, "taxpayer": Taxpayer.values,
}  # fmt: skip


def is_credit_code(code: str) -> bool:
    """Whether this is a unified social credit code (GB 32100-2015, with its check character), or 15 digits of an older licence."""
    if len(code) == OLD_LENGTH:
        return code.isascii() and code.isdigit()
    if len(code) != CREDIT_LENGTH or any(letter not in CREDIT_LETTERS for letter in code):
        return False
    weighed = sum(CREDIT_LETTERS.index(letter) * pow(3, place, 31) for place, letter in enumerate(code[:-1]))
    return CREDIT_LETTERS[-weighed % 31] == code[-1]


def problems(values: dict[str, object]) -> list[DomainError]:
    """Everything wrong with new values of the shop's row; texts are already trimmed."""
    wrong: list[DomainError] = []
    for field, value in values.items():
        if field == "name" and not value:
            wrong.append(errors.ShopTextNeeded(field=field))
        elif field in LONGEST and len(str(value)) > LONGEST[field]:
            wrong.append(errors.ShopTextTooLong(field=field, most=LONGEST[field]))
        elif field in CHOICES and value not in CHOICES[field]:
            wrong.append(errors.ShopChoice(field=field))
        elif field == "credit_code" and value and not is_credit_code(str(value)):
            wrong.append(errors.NotACreditCode(field=field))
        elif field == "email" and value and not _looks_like_mail(str(value)):
            wrong.append(errors.NotAnAddress(field=field))
        elif field.endswith("_minor") and isinstance(value, int) and value < 0:
            wrong.append(errors.AmountNegative(field=field))
    return wrong


def _looks_like_mail(text: str) -> bool:
    name, at, host = text.rpartition("@")
    return bool(name and at and "." in host) and text.isprintable() and " " not in text


def earliest(now: datetime) -> datetime:
    """From when a rule that is published now may hold: the first midnight of the site that is seven days away."""
    day = (local(now) + NOTICE).date()
    at = midnight(day)
    return at if at >= now + NOTICE else at + timedelta(days=1)
