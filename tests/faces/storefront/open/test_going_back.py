"""Whoever chooses a language or a theme stays on the page."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from tests.faces.console.desk import page, staff_client
from tests.factories.people import log_in, make_member

OPEN = ("/discover", "/discover?order=new", "/deals", "/feed", "/circles", "/needs", "/search?q=x", "/about")
MINE = ("/me", "/me/orders", "/messages", "/cart")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "path"), [*(("visitor", one) for one in OPEN), *(("member", one) for one in (*OPEN, *MINE))]
)
def test_language_and_theme_lead_back_to_the_page_one_was_on(who: str, path: str) -> None:
    client = Client()
    if who == "member":
        log_in(client, make_member())
    answer = client.get(path)
    assert answer.status_code == 200
    ways = re.findall(r'name="next" value="([^"]*)"', answer.content.decode())
    assert len(ways) >= 2 and {unescape(way) for way in ways[-2:]} == {path}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["today", "goods", "orders", "staff", "shop", "imports", "members"])
def test_in_the_console_too(name: str) -> None:
    ways = re.findall(r'name="next" value="([^"]*)"', page(staff_client("owner"), name))
    assert set(ways[-2:]) == {reverse(f"console:{name}")}
