"""Filling in forms as a browser does: every field of the page is sent back as it stands, with some changed."""

from __future__ import annotations

from html.parser import HTMLParser

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.faces.storefront.browsing import page


class _Form(HTMLParser):
    """The fields of the form with this id; of several radios the checked one."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id, self.inside, self.fields = form_id, False, {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self.inside = found.get("id") == self.form_id
        if tag != "input" or not self.inside or not found.get("name"):
            return
        if found.get("type") in ("radio", "checkbox") and "checked" not in found:
            return
        self.fields.setdefault(str(found["name"]), []).append(found.get("value") or "")


def fields_of(html: str, form_id: str = "order") -> dict[str, list[str]]:
    form = _Form(form_id)
    form.feed(html)
    return form.fields


def checkout_form(client: Client, query: str, **changed: object) -> dict[str, object]:
    """The fields of the checkout page at this address, paid in cash unless changed."""
    response = client.get(f"{reverse('storefront:checkout')}?{query}")
    assert response.status_code == 200, (response.status_code, getattr(response, "url", ""))
    return {**fields_of(response.content.decode()), "provider": "offline", **changed}


def order_by(client: Client, query: str, **changed: object):
    return client.post(reverse("storefront:checkout"), checkout_form(client, query, **changed))


def queries_of(client: Client, name: str, *args: object) -> int:
    """How many statements a page takes, once the process is warm."""
    page(client, name, *args)
    with CaptureQueriesContext(connection) as seen:
        page(client, name, *args)
        return len(seen)
