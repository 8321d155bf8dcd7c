"""Which column holds what: guessed from the headings that shops use, corrected by whoever imports. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quanzi.growth.importing.tables.errors import ColumnMissing, UnknownField, UnknownHeading


@dataclass(frozen=True)
class Field:
    """Something that a sheet may tell. label: English, translated by faces; known_as: headings, as people write them."""

    name: str
    label: str
    known_as: tuple[str, ...] = ()
    is_needed: bool = False


def folded(heading: str) -> str:
    """A heading without case, width, blanks, brackets and the units in them: "价格（元）" is "价格"."""
    text = unicodedata.normalize("NFKC", heading).lower()
    text = re.sub(r"[(\[].*?[)\]]", "", text)
    return re.sub(r"[\s_\-./:*#'\"]+", "", text)


def guess(headings: Iterable[str], fields: Sequence[Field]) -> dict[str, str]:
    """Field → heading. Earlier names of a field are better than later ones; a heading is used once."""
    by_name: dict[str, str] = {}
    for heading in headings:
        by_name.setdefault(folded(heading), heading)
    found: dict[str, str] = {}
    for field in fields:
        for name in (field.name, *field.known_as):
            heading = by_name.get(folded(name), "")
            if heading and heading not in found.values():
                found[field.name] = heading
                break
    return found


def checked(mapping: Mapping[str, str], headings: Sequence[str], fields: Sequence[Field]) -> dict[str, str]:
    """The mapping, fit to read by. Raises UnknownField, UnknownHeading, ColumnMissing."""
    known = {field.name for field in fields}
    used = {name: heading for name, heading in mapping.items() if heading}
    for name, heading in used.items():
        if name not in known:
            raise UnknownField(name=name)
        if heading not in headings:
            raise UnknownHeading(heading=heading)
    missing = [field for field in fields if field.is_needed and field.name not in used]
    if missing:
        raise ColumnMissing([field.label for field in missing])
    return used


class Reader:
    """Cells of a row by field."""

    def __init__(self, mapping: Mapping[str, str], headings: Sequence[str]) -> None:
        self.mapping = dict(mapping)
        self._place = {name: headings.index(heading) for name, heading in mapping.items()}

    def has(self, field: str) -> bool:
        return field in self._place

    def text(self, cells: Sequence[str], field: str) -> str:
        place = self._place.get(field)
        return "" if place is None else cells[place]

    def column(self, field: str) -> str:
        """How the sheet calls the column of a field; the field's own name when the sheet has none."""
        return self.mapping.get(field, field)
