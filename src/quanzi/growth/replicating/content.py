"""The content of a pattern: plain values of a fixed shape, with `{area}` where the name of the area stands. Pure.

A key that is not named here never leaves the house and is never taken in.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from quanzi.growth.replicating.errors import NewerPattern, NotAPattern, Personal
from quanzi.kernel.errors import DomainError

FORMAT, VERSION = "quanzi-pattern", 3
AREA = "{area}"

Content = dict[str, Any]

TEXT, NUMBER, FLAG = "text", "number", "flag"
_GOOD = {
    "sku": TEXT, "price_minor": NUMBER, "currency": TEXT, "most": NUMBER, "minimum": NUMBER, "leader_bp": NUMBER, "comes_later": FLAG,
}  # fmt: skip
_VARIANT = {
    "code": TEXT, "options": [{"name": TEXT, "value": TEXT}], "price_minor": NUMBER, "currency": TEXT, "weight_g": NUMBER, "unit_note": TEXT,
}  # fmt: skip
_PRODUCT = {
    "name": TEXT, "summary": TEXT, "story": TEXT, "origin": TEXT, "return_rule": TEXT, "return_days": NUMBER, "claim_hours": NUMBER,
    "traits": [TEXT], "pictures": [TEXT], "variants": [_VARIANT],
}  # fmt: skip
SHAPE: dict[str, Any] = {
    "format": TEXT,
    "version": NUMBER,
    "circle": {"name": TEXT, "summary": TEXT, "charter": TEXT, "place": TEXT, "admission": TEXT, "question": TEXT, "cover": TEXT},
    "roles": [{"role": TEXT, "people": NUMBER}],
    "points": [
        {
            "name": TEXT,
            "hours": TEXT,
            "hours_en": TEXT,
            "station": {"area": TEXT, "capacity": NUMBER, "brings_to_door": FLAG, "shows_score": FLAG},
            "store": {"about": TEXT, "takes_amounts": FLAG},
        }
    ],
    "rounds": [
        {"title": TEXT, "order_minutes": NUMBER, "wait_minutes": NUMBER, "pickup_minutes": NUMBER, "goods": [_GOOD]}
    ],
    "goods": [_PRODUCT],
    "texts": [{"kind": TEXT, "title": TEXT, "body": TEXT, "pictures": [TEXT]}],
}  # fmt: skip
MAY_BE_NONE = {"station", "store"}

PERSONAL = (
    re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)"),
    re.compile(r"(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)"),
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"),
    re.compile(r"(?:微信号?|wechat|weixin|vx|QQ)[号：:\s]*[A-Za-z0-9_-]{5,}", re.IGNORECASE),
)
"""Telephone numbers, e-mail addresses, identity numbers and accounts of chat programs, as people write them."""


def checked(content: Any) -> Content:
    """The same content when it has exactly the shape, one of an earlier version in today's. Raises NotAPattern, NewerPattern."""
    if isinstance(content, dict) and content.get("format") == FORMAT and isinstance(content.get("version"), int):
        if content["version"] > VERSION:
            raise NewerPattern(field="file")
        today = _of_today(content)
        if _fits(today, SHAPE) and all(one["variants"] for one in today["goods"]):
            return today
    raise NotAPattern(field="file")


def _of_today(content: Content) -> Content:
    """Version 1 knew neither pictures of texts nor whether a station shows its score; version 2 knew goods by their codes only."""
    if content["version"] == 2:
        return content | {"version": VERSION, "goods": []}
    if content["version"] != 1 or not all(isinstance(content.get(key), list) for key in ("points", "texts")):
        return content
    return content | {
        "version": VERSION,
        "goods": [],
        "points": [_with(one, "station", shows_score=False) for one in content["points"]],
        "texts": [one | {"pictures": []} if isinstance(one, dict) else one for one in content["texts"]],
    }


def _with(value: Any, key: str, **more: Any) -> Any:
    known = value.get(key) if isinstance(value, dict) else None
    return value | {key: known | more} if isinstance(known, dict) else value


def files_of(content: Content) -> set[str]:
    """The names of all pictures that it uses."""
    return {
        name
        for name in (
            content["circle"]["cover"],
            *(one for told in content["texts"] + content["goods"] for one in told["pictures"]),
        )
        if name
    }


def _fits(value: Any, shape: Any) -> bool:
    if isinstance(shape, list):
        return isinstance(value, list) and len(value) <= 200 and all(_fits(one, shape[0]) for one in value)
    if isinstance(shape, dict):
        return (
            isinstance(value, dict)
            and set(value) == set(shape)
            and all((key in MAY_BE_NONE and value[key] is None) or _fits(value[key], shape[key]) for key in shape)
        )
    if shape == NUMBER:
        return type(value) is int and 0 <= value < 10**12
    return type(value) is bool if shape == FLAG else isinstance(value, str) and len(value) <= 6_000


def written(content: Content) -> bytes:
    """One way to write it, so that the same content has the same digest."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1).encode()


def digest_of(content: Content, files: dict[str, bytes]) -> str:
    """Of the content and of every file that it names."""
    found = hashlib.sha256(written(content))
    for name in sorted(files):
        found.update(name.encode() + hashlib.sha256(files[name]).digest())
    return found.hexdigest()


def without_area(value: Any, areas: Sequence[str]) -> Any:
    """Every text with the names of the area taken out, the longest first."""
    if isinstance(value, str):
        for area in sorted(areas, key=len, reverse=True):
            value = value.replace(area, AREA)
        return value
    return _each(value, lambda one: without_area(one, areas))


def with_area(value: Any, area: str) -> Any:
    """Every text with the area's name in its place."""
    if isinstance(value, str):
        return value.replace(AREA, area)
    return _each(value, lambda one: with_area(one, area))


def _each(value: Any, change: Any) -> Any:
    if isinstance(value, dict):
        return {key: change(one) for key, one in value.items()}
    return [change(one) for one in value] if isinstance(value, list) else value


def texts_in(value: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Every text with the place where it stands, such as "circle.charter"."""
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from texts_in(one, f"{where}.{key}" if where else key)
    elif isinstance(value, list):
        for number, one in enumerate(value, start=1):
            yield from texts_in(one, f"{where}.{number}")


def personal_in(content: Content, *, names: Sequence[str], kept: Sequence[str] = ()) -> list[DomainError]:
    """What must not leave: names of people, ways to reach them. kept: words that an operator said are nobody's."""
    people = [name for name in names if len(name) > 1 and name not in kept]
    found: list[DomainError] = []
    for where, text in texts_in(content):
        shown = [name for name in people if name in text]
        shown += [hit.group() for pattern in PERSONAL for hit in pattern.finditer(text) if hit.group() not in kept]
        found += [Personal(field=where, found=one[:40], where=where) for one in dict.fromkeys(shown)]
    return found
