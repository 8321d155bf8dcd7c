"""Reading what an operator typed: every field is checked, and all that is wrong is told at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime, timedelta

from quanzi.faces.ui.environment import problem
from quanzi.kernel.clock import SITE_ZONE, local, midnight
from quanzi.kernel.errors import DomainError, Errors, InvalidInput
from quanzi.kernel.money import Money
from quanzi.kernel.words import N_

MOST_DIGITS = 9


class NeedsText(InvalidInput):
    code = "console_needs_text"
    message = N_("Please fill this in.")


class TooLong(InvalidInput):
    code = "console_too_long"
    message = N_("At most {most} characters, please.")


class NotANumber(InvalidInput):
    code = "console_not_a_number"
    message = N_("Please enter a whole number from {least} to {most}.")


class NotADay(InvalidInput):
    code = "console_not_a_day"
    message = N_("Please enter a date.")


class NotAChoice(InvalidInput):
    code = "console_not_a_choice"
    message = N_("Please choose one of the offered values.")


class Sent(dict[str, str]):
    """What a form shows again: a field that was not sent is empty."""

    def __missing__(self, key: str) -> str:
        return ""


class Reader:
    """Reads the fields of one sent form. Call `check` before using what was read: it raises everything that was wrong."""

    def __init__(self, sent: Mapping[str, str]) -> None:
        self.sent = sent
        self.wrong: list[DomainError] = []

    def text(self, field: str, *, most: int = 200, needed: bool = True) -> str:
        value = self.sent.get(field, "").replace("\x00", "").strip()
        if needed and not value:
            self.wrong.append(NeedsText(field=field))
        elif len(value) > most:
            self.wrong.append(TooLong(field=field, most=most))
        return value

    def whole(self, field: str, *, least: int = 0, most: int = 10**MOST_DIGITS, otherwise: int | None = None) -> int:
        """A whole number in ASCII digits; `otherwise` is what an empty field means."""
        value = self.sent.get(field, "").strip()
        if not value and otherwise is not None:
            return otherwise
        good = value.isascii() and value.isdigit() and len(value) <= MOST_DIGITS + 1 and least <= int(value) <= most
        if not good:
            self.wrong.append(NotANumber(field=field, least=least, most=most))
            return least
        return int(value)

    def amount(self, field: str, *, otherwise: int | None = None) -> int:
        """An amount of money in minor units, as Money reads it."""
        value = self.sent.get(field, "").strip()
        if not value and otherwise is not None:
            return otherwise
        try:
            return Money.parse(value, field=field).minor
        except DomainError as refused:
            refused.fields = refused.fields or {field: refused}
            self.wrong.append(refused)
            return 0

    def day(self, field: str) -> date | None:
        """A day as the browser sends it; None for an empty field."""
        value = self.sent.get(field, "").strip()
        if not value:
            return None
        found = day_in(value)
        if found is None:
            self.wrong.append(NotADay(field=field))
        return found

    def end_of(self, field: str) -> datetime | None:
        """The last moment that still belongs to a day, half-open: midnight after it, in the site's zone."""
        found = self.day(field)
        return None if found is None else midnight(found + timedelta(days=1))

    def moment(self, field: str) -> datetime | None:
        """A day and a time as the browser sends them, in the site's zone; noted as wrong when there is none."""
        value = self.sent.get(field, "").strip()
        try:
            found = datetime.fromisoformat(value) if len(value) in (16, 19) else None
        except ValueError:
            found = None
        if found is None or found.tzinfo is not None or not 2000 <= found.year < 2200:
            self.wrong.append(NotADay(field=field))
            return None
        return found.replace(tzinfo=SITE_ZONE)

    def choice(self, field: str, among: Iterable[str], *, otherwise: str | None = None) -> str:
        value = self.sent.get(field, "")
        if value in set(among):
            return value
        if not value and otherwise is not None:
            return otherwise
        self.wrong.append(NotAChoice(field=field))
        return otherwise or ""

    def row[T](self, field: str, find: Callable[[int], T | None], *, needed: bool = False) -> T | None:
        """A row chosen by its id; None for an empty field."""
        value = self.sent.get(field, "").strip()
        found = find(int(value)) if is_key(value) else None
        if found is None and (value or needed):
            self.wrong.append(NotAChoice(field=field))
        return found

    def ticked(self, field: str) -> bool:
        return bool(self.sent.get(field))

    def check(self) -> None:
        """Raise what was wrong, if anything was."""
        Errors.raise_any(self.wrong)


def is_key(text: str) -> bool:
    """Whether a text can be the id of a row."""
    return text.isascii() and text.isdigit() and len(text) <= 18 and int(text) > 0


def key_in(text: str | None) -> int | None:
    """A row id from an address; None for anything else, so that bad input finds nothing."""
    return int(text) if text and is_key(text) else None


def keys_in(texts: Collection[str], *, most: int = 200) -> list[int]:
    """Row ids from the ticked boxes of a list, each once."""
    return list(dict.fromkeys(int(text) for text in list(texts)[:most] if is_key(text)))


def day_in(text: str) -> date | None:
    """A day like 2026-11-21 of this century or the next, as the API takes them; None for anything else."""
    try:
        found = date.fromisoformat(text) if len(text) == len("2026-11-21") else None
    except ValueError:
        return None
    return found if found and date(2000, 1, 1) <= found < date(2200, 1, 1) else None


def typed(at: datetime) -> str:
    """A moment as the browser's field holds it; `Reader.moment` reads it."""
    return f"{local(at):%Y-%m-%dT%H:%M}"


def problems_of(refused: DomainError | None) -> Sent:
    """Words for each field that a refusal names; under "form" when it names none."""
    if refused is None:
        return Sent()
    return Sent({name: problem(error) for name, error in refused.fields.items()} or {"form": problem(refused)})
