"""Every page of the shop is open to everybody: named in one table, walked in both languages, light and dark, at four widths."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

import pytest
from django.urls import resolve

from tests.browser import addresses
from tests.browser.soundness import faults_of
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PLACES = [(who, language) for who in addresses.BY_ROLE for language in ("zh-CN", "en")]


def test_every_address_is_walked_or_says_why_not() -> None:
    named, told = set(addresses.named_addresses()), addresses.told()
    assert sorted(named - told) == [], "name these in tests/browser/addresses.py"
    assert sorted(told - named) == [], "these are gone"


@pytest.mark.parametrize(("who", "language"), PLACES)
def test_pages_are_sound(visit: Callable[..., Visitor], who: str, language: str) -> None:
    """Zero violations of axe (WCAG 2.2 AA), targets of 24 px, no scrolling sideways, nothing that the content policy refused."""
    visitor = visit(who, language=language)
    wrong = []
    for name, page in addresses.BY_ROLE[who].items():
        wrong += [f"{name} {fault}" for fault in faults_of(visitor, page)]
        if page.status == 200 and (reached := resolve(unquote(visitor.path)).view_name) != name:
            wrong.append(f"{name} was not reached, but {reached}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_pages_of_a_webhook_and_of_its_deliveries_are_sound(visit: Callable[..., Visitor], language: str) -> None:
    """They need an endpoint that was told something: it is made here, with an address that nobody answers."""
    owner = visit("owner", language=language)
    owner.go("/console/webhooks")
    owner.find("input[name=url]").fill(f"https://{language.lower()}.receiver.example/hook")
    owner.find("input[name=kind]").check()
    owner.find("main form button[type=submit]").click()
    owner.page.wait_for_load_state()
    endpoint = addresses.Page("/console/webhooks", ('main td a[href^="/console/webhooks/"]',))
    wrong = [f"webhook {fault}" for fault in faults_of(owner, endpoint)]
    owner.find('form[action$="/test"] button').click()
    owner.page.wait_for_load_state()
    delivery = addresses.Page(endpoint.path, (*endpoint.links, 'a[href*="/webhooks/deliveries/"]'))
    wrong += [f"delivery {fault}" for fault in faults_of(owner, delivery)]
    assert not wrong, "\n".join(wrong)
