"""Money as integers of the minor unit (fen for CNY) beside a currency. Source: docs/adr on money."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from quanzi.kernel.errors import DomainError, InvalidInput
from quanzi.kernel.words import N_

LIMIT_MINOR = 10**15
"""Amounts stay below this, far inside a bigint and inside what JavaScript counts exactly."""

_DIGITS = {
    "CNY": 2,
    "USD": 2,
    "EUR": 2,
    "GBP": 2,
    "HKD": 2,
    "TWD": 2,
    "SGD": 2,
    "JPY": 0,
    "KRW": 0,
}
"""Decimal places by currency (ISO 4217)."""

CURRENCIES = tuple(_DIGITS)

# ASCII digits on purpose: \d would accept full-width and other scripts' digits.
_TEXT = re.compile(r"(?P<sign>-?)(?P<whole>0|[1-9][0-9]{0,15})(?:\.(?P<part>[0-9]{1,2}))?", re.ASCII)


class CurrencyMismatch(DomainError):
    code = "currency_mismatch"
    message = N_("Amounts in {left} and {right} cannot be combined.")


class MoneyOutOfRange(DomainError):
    code = "money_out_of_range"
    message = N_("This amount is too large.")
    status = 422


class NotMoney(InvalidInput):
    code = "not_money"
    message = N_("Write the amount with plain digits and at most {digits} decimals, like {example}.")


def _digits(currency: str) -> int:
    try:
        return _DIGITS[currency]
    except KeyError:
        raise UnknownCurrency(currency=currency) from None


class UnknownCurrency(InvalidInput):
    code = "unknown_currency"
    message = N_("The currency {currency} is not known here.")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the minor unit of one currency; refuses floats, booleans and mixed currencies."""

    minor: int
    currency: str = "CNY"

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"Money counts whole minor units, not {type(self.minor).__name__}")
        if abs(self.minor) >= LIMIT_MINOR:
            raise MoneyOutOfRange()
        _digits(self.currency)

    @classmethod
    def zero(cls, currency: str = "CNY") -> Self:
        return cls(0, currency)

    @classmethod
    def parse(cls, text: str, currency: str = "CNY", *, field: str = "") -> Self:
        """Read a decimal written by a person, strictly; raises NotMoney or MoneyOutOfRange.

        Surrounding blanks are forgiven; separators, signs other than a leading minus, exponents, other
        scripts' digits and too many decimals are refused, since each has a second possible meaning.
        """
        digits = _digits(currency)
        found = _TEXT.fullmatch(text.strip(" \t")) if isinstance(text, str) else None
        part = (found["part"] or "") if found else ""
        if found is None or len(part) > digits:
            example = "12.50" if digits else "12"
            raise NotMoney(field=field, digits=digits, example=example)
        minor = int(found["whole"]) * 10**digits + int(part.ljust(digits, "0") or 0)
        return cls(-minor if found["sign"] else minor, currency)

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.minor).scaleb(-_digits(self.currency))

    def __str__(self) -> str:
        return f"{self.decimal:f}"

    def __bool__(self) -> bool:
        return self.minor != 0

    def _same(self, other: "Money") -> int:
        if self.currency != other.currency:
            raise CurrencyMismatch(left=self.currency, right=other.currency)
        return other.minor

    def __add__(self, other: "Money") -> "Money":
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __mul__(self, times: int) -> "Money":
        if type(times) is not int:
            return NotImplemented
        return Money(self.minor * times, self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: "Money") -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.minor < self._same(other)

    def __le__(self, other: "Money") -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.minor <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.minor > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.minor >= self._same(other)


def total(amounts: Sequence[Money], currency: str = "CNY") -> Money:
    """Sum amounts of one currency; an empty list is zero of `currency`."""
    result = Money.zero(amounts[0].currency if amounts else currency)
    for amount in amounts:
        result = result + amount
    return result


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Share total by weight; the shares always sum to total (spare units go to the first with weight).

    total: minor units, may be negative; weights: not negative, at least one positive (ValueError).
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("split needs weights that are not negative and not all zero")
    shares = [total * weight // whole for weight in weights]
    spare = total - sum(shares)
    # Floors lose less than one unit per positive weight, so the spare units never outnumber these.
    for index in [index for index, weight in enumerate(weights) if weight][:spare]:
        shares[index] += 1
    return shares


def share(money: Money, weights: Sequence[int]) -> list[Money]:
    """`split` for Money: the shares sum to the amount exactly."""
    return [Money(minor, money.currency) for minor in split(money.minor, weights)]


def percent_bp(minor: int, rate_bp: int) -> int:
    """A share in basis points (1250 is 12.5 %) of minor units; rounds down, toward minus infinity."""
    return minor * rate_bp // 10_000
