"""Reading JSON strictly: what two programs may read differently is refused."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser

from quanzi.faces.api.errors import NotJson

JSON = "application/json"


class StrictParser(Parser):
    """No NaN or Infinity, no key twice. What it raises becomes a 400, or a 415 for what says that it is no JSON."""

    def parse_body(self, request: HttpRequest) -> Any:
        kind = request.content_type or JSON
        if kind != JSON and not kind.endswith("+json"):
            raise NotJson()
        return json.loads(request.body, parse_constant=_no_constant, object_pairs_hook=_once_each)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found
