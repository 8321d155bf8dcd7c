"""Operations as the reference draws them: parameters and bodies in rows, and calls that can be copied."""

from __future__ import annotations

import json
import pprint
from dataclasses import dataclass
from typing import Any

from quanzi.faces.api.pages.shapes import Field, Shape, field_of, sample, shape_of
from quanzi.faces.api.routes.all import api


@dataclass(frozen=True)
class Described:
    """One operation. answer: what a success holds, None for nothing or a file. answers: status, what it is, and the codes of a refusal."""

    id: str
    part: str
    method: str
    path: str
    summary: str
    words: str
    scope: str
    is_public: bool
    places: list[tuple[str, Field]]
    body: Shape | None
    sample: Any
    answer: Shape | None
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
    sent = next((part["schema"] for part in content.values()), None)
    scopes = [scope for way in one.get("security", []) for scope in way.get("OAuth", [])]
    return Described(
        id=one["operationId"], part=one["tags"][0], method=method, path=path, summary=one["summary"],
        words=one["description"], scope=scopes[0] if scopes else "", is_public={} in one.get("security", []),
        places=[(each["in"], field_of(schemas, each["name"], each["schema"], each)) for each in one["parameters"]],
        body=shape_of(schemas, sent) if sent else None,
        sample=sample(schemas, sent) if sent and "application/json" in content else None,
        answer=_answer(schemas, one["responses"]),
        answers=[(str(status), said["description"]) for status, said in one["responses"].items()],
    )  # fmt: skip


def _answer(schemas: dict[str, Any], responses: dict[Any, Any]) -> Shape | None:
    for status, said in responses.items():
        told = said.get("content", {}).get("application/json", {}).get("schema")
        if str(status).startswith("2") and told:
            return shape_of(schemas, told)
    return None
