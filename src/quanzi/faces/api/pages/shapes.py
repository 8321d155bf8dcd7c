"""Shapes of the document as the reference draws them: fields in rows, and a value that fits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

SAMPLES = {
    "quantity": 1, "email": "lin@example.com", "phone": "13800000000", "region_code": "330106", "provider": "paysim",
    "method": "pickup", "name": "晨光", "title": "山药怎么蒸？", "recipient": "林小雨", "expected_amount_minor": 3490,
}  # fmt: skip
DEEPEST = 4
EVERYWHERE = {"MoneyOut", "PictureOut"}
"""Shapes that nearly every answer holds; their fields are told once, on the first page."""


@dataclass(frozen=True)
class Field:
    """A parameter, or a field of a body or an answer. needed: must be sent."""

    name: str
    kind: str
    needed: bool
    words: str


@dataclass(frozen=True)
class Shape:
    """A body or an answer: what is said of it as a whole, and its fields; those of a part within have its name before a dot."""

    words: str
    fields: list[Field]


def shape_of(schemas: dict[str, Any], schema: dict[str, Any]) -> Shape:
    plain = _resolved(schemas, schema)
    of_one = _resolved(schemas, plain["items"]) if plain.get("type") == "array" else plain
    words = [one.get("description", "") for one in (of_one, *_within(schemas, of_one))]
    return Shape(
        "\n".join(dict.fromkeys(" ".join(one.split()) for one in words if one)), list(_fields(schemas, of_one))
    )


def field_of(schemas: dict[str, Any], name: str, schema: dict[str, Any], about: dict[str, Any]) -> Field:
    """about: what is said beside the schema: its description, and whether it is required."""
    plain = _resolved(schemas, schema)
    kind = "array" if plain.get("type") == "array" else str(plain.get("format") or plain.get("type", ""))
    if "enum" in plain:
        kind = " | ".join(str(value) for value in plain["enum"])
    words = (
        about.get("description")
        or schema.get("description")
        or ("" if "properties" in plain else plain.get("description", ""))
    )
    return Field(name, kind, bool(about.get("required")), str(words))


def sample(schemas: dict[str, Any], schema: dict[str, Any], name: str = "", depth: int = 0) -> Any:
    """A value that shows the shape; only what must be sent, and one entry of each list."""
    schema = _resolved(schemas, schema)
    if schema.get("type") == "object":
        needed = schema.get("required") or list(schema.get("properties", {}))[:2]
        found = schema.get("properties", {})
        return (
            {key: sample(schemas, found[key], key, depth + 1) for key in needed if key in found}
            if depth < DEEPEST
            else {}
        )
    if "enum" in schema:
        return SAMPLES[name] if SAMPLES.get(name) in schema["enum"] else schema["enum"][0]
    if schema.get("type") == "array":
        return [sample(schemas, schema["items"], name.removesuffix("s"), depth + 1)]
    if name in SAMPLES:
        return SAMPLES[name]
    plain: dict[str, Any] = {"integer": 1, "boolean": True, "number": 1}
    return "2026-12-01" if schema.get("format") == "date" else plain.get(schema.get("type", ""), "…")


def _fields(schemas: dict[str, Any], shape: dict[str, Any], before: str = "") -> Iterator[Field]:
    """Its own fields, and those of the parts within, one step down."""
    for name, schema in shape.get("properties", {}).items():
        yield field_of(schemas, before + name, schema, {"required": name in shape.get("required", ())})
        if not before and (part := _part(schemas, schema)):
            yield from _fields(schemas, part, f"{name}.")


def _within(schemas: dict[str, Any], shape: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from filter(None, (_part(schemas, schema) for schema in shape.get("properties", {}).values()))


def _part(schemas: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any] | None:
    """The shape inside a field or inside its list; None where there is none, or one that is told elsewhere."""
    plain = _resolved(schemas, schema)
    if plain.get("type") == "array":
        plain = _resolved(schemas, plain["items"])
    return plain if "properties" in plain and plain.get("title") not in EVERYWHERE else None


def _resolved(schemas: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Without references; of several shapes the first that is not null."""
    while True:
        if "$ref" in schema:
            schema = schemas[schema["$ref"].rsplit("/", 1)[-1]]
        elif "anyOf" in schema:
            schema = next(one for one in schema["anyOf"] if one.get("type") != "null")
        elif "allOf" in schema:
            schema = schema["allOf"][0]
        elif "const" in schema:
            return {"enum": [schema["const"]]}
        else:
            return schema
