"""A member's browser in tests: a client that is logged in and reads one language."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from quanzi.people.accounts.models import Member
from tests.factories.people import log_in


def browser(member: Member | None = None, language: str = "zh-hans") -> Client:
    client = Client(headers={"accept-language": language, "user-agent": "Mozilla/5.0 (iPhone) Safari/604.1"})
    if member is not None:
        log_in(client, member)
    return client


def page(client: Client, name: str, *args: object) -> str:
    """The page as text; fails when it is not a 200."""
    response = client.get(reverse(f"storefront:{name}", args=args))
    assert response.status_code == 200, (name, response.status_code)
    return response.content.decode()


def send(client: Client, name: str, /, *args: object, **fields: object):
    return client.post(reverse(f"storefront:{name}", args=args), fields)
