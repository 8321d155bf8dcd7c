"""What may become of rows when a member is erased. Each room's tables say it in these words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from django.db.models.expressions import Combinable

NOTHING_SAID = "…"
"""Stands where words were that a column may not be without."""


@dataclass(frozen=True)
class Gone:
    """Who is erased. former: the name that takes the place of theirs. contacts: e-mail address, phone number, as they were.
    keeps_words: posts and comments stay."""

    member_id: int
    contacts: tuple[str, ...]
    keeps_words: bool
    former: str
    now: datetime


type Where = str | Callable[[Gone], Q]
"""The path from a row to the member; or which rows, when that is not enough."""

type Value = str | bytes | int | datetime | dict[str, Any] | Combinable | Callable[[Gone], Any] | None


def _rows(model: str, where: Where, gone: Gone) -> QuerySet[Any]:
    found = Q(**{where: gone.member_id}) if isinstance(where, str) else where(gone)
    return all_rows(model).filter(found)


def all_rows(model: str) -> QuerySet[Any]:
    manager: Any = apps.get_model(model)._base_manager
    rows: QuerySet[Any] = manager.all()
    return rows


@dataclass(frozen=True)
class Erase:
    """These rows go."""

    model: str
    where: Where

    def apply(self, gone: Gone) -> int:
        return _rows(self.model, self.where, gone).delete()[0]


@dataclass(frozen=True)
class Empty:
    """These columns lose what they held; the row stays under the member's number. why: what it stays for.

    are_words: only when the member does not leave their words here.
    """

    model: str
    where: Where
    to: Mapping[str, Value]
    why: str
    are_words: bool = False

    def apply(self, gone: Gone) -> int:
        if self.are_words and gone.keeps_words:
            return 0
        values = {name: value(gone) if callable(value) else value for name, value in self.to.items()}
        return _rows(self.model, self.where, gone).update(**values)


@dataclass(frozen=True)
class Keep:
    """These columns stay as they are, each for its reason. A column that points at the member stays as a bare number."""

    model: str
    columns: Mapping[str, str]

    def apply(self, gone: Gone) -> int:
        return 0


@dataclass(frozen=True)
class Later:
    """What nobody needs after some time, of whomever: a nightly job empties it. rows: those that are old enough by a moment."""

    model: str
    rows: Callable[[datetime], Q]
    to: Mapping[str, Value]
    after: timedelta
    why: str
    gone: bool = field(default=False, kw_only=True)
    """The rows themselves go."""

    def apply(self, now: datetime) -> int:
        found = all_rows(self.model).filter(self.rows(now - self.after))
        return found.delete()[0] if self.gone else found.update(**self.to)


Fate = Erase | Empty | Keep
