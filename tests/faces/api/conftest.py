"""Callers of the API, and a fresh count of calls for each test."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from django.test import Client

from quanzi.faces.api import limits
from quanzi.faces.api.scopes import SCOPES
from quanzi.faces.api.services import make_token
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member

ROOT = "/api/v1"


class Caller:
    """Speaks JSON with a member's token, or as a visitor. `problem` also checks that a refusal is a whole one."""

    def __init__(self, member: Member | None = None, *, scopes: Iterable[str] = SCOPES, language: str = "en") -> None:
        self.member = member
        headers = {"accept-language": language}
        if member is not None:
            token, secret = make_token(member=member, name="test", scopes=scopes, now=clock.now())
            self.token, headers["authorization"] = token, f"Bearer {secret}"
        self.headers, self.client = headers, Client(headers=headers)

    def again(self) -> Caller:
        """The same caller on a connection of its own."""
        other = Caller.__new__(Caller)
        other.member, other.headers, other.client = self.member, self.headers, Client(headers=self.headers)
        return other

    def ask(self, method: str, path: str, body: Any = None, *, key: str | None = None, **headers: str) -> Any:
        if key is not None:
            headers["Idempotency-Key"] = key
        sent: dict[str, Any] = {"headers": headers}
        if method != "GET":
            sent |= {"data": body, "content_type": "application/json"} if body is not None else {}
        response = getattr(self.client, method.lower())(ROOT + path, **sent)
        assert response.headers["Cache-Control"] in ("private, no-store", "private, no-cache")
        return response

    def get(self, path: str) -> Any:
        response = self.ask("GET", path)
        assert response.status_code == 200, (path, response.status_code, response.content[:500])
        return response.json()

    def send(self, method: str, path: str, body: Any = None, *, status: int = 200, key: str | None = None) -> Any:
        response = self.ask(method, path, body, key=key)
        assert response.status_code == status, (path, response.status_code, response.content[:800])
        return response.json() if response.content else None

    def problem(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> tuple[int, str]:
        """Status and code of a refusal."""
        return refusal_in(self.ask(method, path, body, key=key))


def refusal_in(response: Any) -> tuple[int, str]:
    assert response.headers["Content-Type"] == "application/problem+json", response.content[:500]
    body = response.json()
    assert set(body) == {"type", "title", "status", "detail", "code", "params", "errors"}
    assert body["status"] == response.status_code
    assert body["type"] == f"urn:quanzi:problem:{body['code']}"
    assert body["title"]
    assert body["detail"]
    assert "{" not in body["detail"]
    return response.status_code, body["code"]


@pytest.fixture(autouse=True)
def _fresh_counts() -> None:
    limits._table.cache_clear()
