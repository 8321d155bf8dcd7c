"""Operations as the reference draws them: parameters and bodies in rows, and calls that can be copied."""

from __future__ import annotations

import json
import pprint
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from quanzi.faces.api.routes.all import api

SAMPLES = {
    "quantity": 1, "email": "lin@example.com", "phone": "13800000000", "region_code": "330106", "provider": "paysim",
    "method": "pickup", "name": "晨光", "title": "山药怎么蒸？", "recipient": "林小雨", "expected_amount_minor": 3490,
}  # fmt: skip
DEEPEST = 4


@dataclass(frozen=True)
class Field:
    """A parameter or a field of a body. needed: must be sent."""

    name: str
    kind: str
    needed: bool
    words: str


@dataclass(frozen=True)
class Described:
    """One operation. answers: status, what it is, and the codes of a refusal."""

    id: str
    part: str
    method: str
    path: str
    summary: str
    words: str
    scope: str
    is_public: bool
    places: list[tuple[str, Field]]
    body: list[Field]
    sample: Any
    answers: list[tuple[str, str]]

    def curl(self, base: str) -> str:
        way = "" if self.method == "GET" else f"-X {self.method} "
        lines = [f"curl {way}{base}{self._shown()}"]
        lines += [] if self.is_public else ['-H "Authorization: Bearer $TOKEN"']
        lines += ['-H "Idempotency-Key: $(uuidgen)"'] if self._takes_key else []
        if self.sample is not None:
            lines.append("-H 'Content-Type: application/json'")
            lines.append(f"-d '{json.dumps(self.sample, ensure_ascii=False)}'")
        return " \\\n  ".join(lines)

    def python(self, base: str) -> str:
        """With httpx; `shop` is a client that knows the address and the token."""
        sent = [f'"{self._shown()}"']
        if self.sample is not None:
            shown = pprint.pformat(self.sample, width=90, sort_dicts=False)
            sent.append("json=" + shown.replace("\n", "\n    " + " " * 5))
        if self._takes_key:
            sent.append('headers={"Idempotency-Key": str(uuid.uuid4())}')
        call = ", ".join(sent) if len(", ".join(sent)) < 90 else "\n    " + ",\n    ".join(sent) + ",\n"
        return f"answer = shop.{self.method.lower()}({call})"

    @property
    def _takes_key(self) -> bool:
        return any(field.name == "Idempotency-Key" for _, field in self.places) and self.method == "POST"

    def _shown(self) -> str:
        """The path, with what is needed behind the question mark."""
        needed = [f"{field.name}=…" for place, field in self.places if place == "query" and field.needed]
        return self.path + ("?" + "&".join(needed) if needed else "")


def described() -> list[Described]:
    """Every operation of the OpenAPI document."""
    document = api.get_openapi_schema()
    schemas = document["components"]["schemas"]
    return [
        _described(schemas, path.removeprefix("/api/v1"), method.upper(), one)
        for path, methods in document["paths"].items()
        for method, one in methods.items()
    ]


def _described(schemas: dict[str, Any], path: str, method: str, one: dict[str, Any]) -> Described:
    content = one.get("requestBody", {}).get("content", {})
    shape = next((part["schema"] for part in content.values()), None)
    scopes = [scope for way in one.get("security", []) for scope in way.get("OAuth", [])]
    return Described(
        id=one["operationId"], part=one["tags"][0], method=method, path=path, summary=one["summary"],
        words=one["description"], scope=scopes[0] if scopes else "", is_public={} in one.get("security", []),
        places=[(each["in"], _field(schemas, each["name"], each["schema"], each)) for each in one["parameters"]],
        body=list(_fields(schemas, shape)) if shape else [],
        sample=sample(schemas, shape) if shape and "application/json" in content else None,
        answers=[(str(status), said["description"]) for status, said in one["responses"].items()],
    )  # fmt: skip


def _fields(schemas: dict[str, Any], shape: dict[str, Any]) -> Iterator[Field]:
    shape = _resolved(schemas, shape)
    for name, schema in shape.get("properties", {}).items():
        yield _field(schemas, name, schema, {"required": name in shape.get("required", ())})


def _field(schemas: dict[str, Any], name: str, schema: dict[str, Any], about: dict[str, Any]) -> Field:
    plain = _resolved(schemas, schema)
    kind = "array" if plain.get("type") == "array" else str(plain.get("format") or plain.get("type", ""))
    if "enum" in plain:
        kind = " | ".join(str(value) for value in plain["enum"])
    words = about.get("description") or schema.get("description") or plain.get("description") or ""
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
