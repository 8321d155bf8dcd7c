"""From the OpenAPI document: every operation, a body that fits, and bodies that do not."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

WRITTEN = Path(__file__).parents[3] / "docs" / "api" / "openapi.json"

NOBODYS = 999_999_999
"""What a field points at that nobody filled: never a row that some other test happened to leave."""


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    described: dict[str, Any]

    @property
    def is_public(self) -> bool:
        return {} in self.described.get("security", [])

    @property
    def statuses(self) -> set[int]:
        return {int(status) for status in self.described["responses"]}

    @property
    def body(self) -> dict[str, Any] | None:
        content = self.described.get("requestBody", {}).get("content", {})
        return resolved(content["application/json"]["schema"]) if "application/json" in content else None

    def parameters(self, place: str) -> list[dict[str, Any]]:
        """Those of one place; of the headers only what must be sent."""
        return [
            one for one in self.described["parameters"] if one["in"] == place and (place != "header" or one["required"])
        ]


@cache
def document() -> dict[str, Any]:
    """As it was written down, which tools/check_openapi.py holds against the code: drawing it anew takes seconds."""
    found: dict[str, Any] = json.loads(WRITTEN.read_text())
    return found


def operations() -> list[Operation]:
    return [
        Operation(described["operationId"], method.upper(), path.removeprefix("/api/v1"), described)
        for path, methods in document()["paths"].items()
        for method, described in methods.items()
    ]


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema without references."""
    if "$ref" in schema:
        return resolved(document()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]])
    for joint in ("allOf", "anyOf"):
        if joint in schema:
            first = next(one for one in schema[joint] if one.get("type") != "null")
            nullable = any(one.get("type") == "null" for one in schema[joint])
            return {**resolved(first), "x-nullable": nullable}
    return schema


def fitting(schema: dict[str, Any], name: str, known: dict[str, Any]) -> Any:
    """A value that fits; `known` by name of the field go first."""
    schema = resolved(schema)
    if name in known:
        return copy.deepcopy(known[name])
    if schema.get("type") == "object":
        needed = [key for key in schema.get("properties", {}) if key in schema.get("required", ()) or key in known]
        return {key: fitting(schema["properties"][key], key, known) for key in needed}
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "array":
        return [fitting(schema["items"], name.removesuffix("s"), known)]
    if schema.get("format") == "date":
        return "2026-01-02"
    if schema.get("format") == "date-time":
        return "2026-01-02T09:00:00Z"
    if schema["type"] == "integer" and name.endswith("_id"):
        return NOBODYS
    return {"integer": schema.get("minimum", 1), "boolean": True}.get(schema["type"], "abcd")


def misfits(schema: dict[str, Any]) -> Iterator[Any]:
    """Values that do not fit the type or the limits of a field."""
    schema = resolved(schema)
    if not schema.get("x-nullable"):
        yield None
    kind = schema.get("type")
    if kind != "string":
        yield from ("text", "", "1", "１２", "NaN")
    if kind != "integer":
        yield from (12, -1, 10**30)
    if kind != "boolean":
        yield True
    if kind != "array":
        yield [1]
    if kind != "object":
        yield {"a": 1}
    yield 1.5
    if kind == "integer":
        yield from (10**19, -(10**19), 10**400)
        if "minimum" in schema:
            yield schema["minimum"] - 1
        if "maximum" in schema:
            yield schema["maximum"] + 1
    if kind == "string":
        yield "a\x00b"
        yield "\ud800"
        if "maxLength" in schema:
            yield "x" * (schema["maxLength"] + 1)
        if "enum" in schema:
            yield "something else"
    if kind == "array" and "maxItems" in schema:
        yield [fitting(schema["items"], "", {})] * (schema["maxItems"] + 1)


def strange(schema: dict[str, Any]) -> Iterator[Any]:
    """Values that fit the type, and that only the room can judge."""
    schema = resolved(schema)
    if schema.get("type") == "string" and "enum" not in schema:
        longest = schema.get("maxLength", 100)
        words = [
            "",
            " ",
            "\u202e\u200b",
            "<script>alert(1)</script>",
            "'; DROP TABLE x; --",
            "%s{}{0}{a.b}",
            "=cmd|' /C calc'!A0",
        ]
        words += ["\N{PILE OF POO}" * (longest // 2), "x" * longest, "//evil.example", "../../etc/passwd"]
        pattern = schema.get("pattern", "")
        yield from (word for word in words if len(word) <= longest and re.search(pattern, word))
    if schema.get("type") == "integer":
        yield from (schema.get(limit, 1) for limit in ("minimum", "maximum"))
    if schema.get("type") == "array":
        yield []
        if "maxItems" in schema:
            yield [fitting(schema["items"], "", {})] * schema["maxItems"]
