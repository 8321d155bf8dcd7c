"""A shop as a newcomer starts it, and people who visit it with browsers of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.shop import Shop, open_shop
from tests.browser.visitor import PASSWORD, Visitor


@pytest.fixture(scope="session")
def shop() -> Iterator[Shop]:
    with open_shop() as shop:
        yield shop


@pytest.fixture
def visit(chromium: Browser, shop: Shop) -> Iterator[Callable[..., Visitor]]:
    """Opens a browser context for somebody; at the end nothing may have gone wrong in any of them."""
    visitors: list[Visitor] = []

    def arrive(login: str = "", **options: object) -> Visitor:
        visitor = Visitor(chromium, shop.address, shop.home, **options)  # type: ignore[arg-type]
        visitors.append(visitor)
        if login:
            visitor.log_in(f"{login}@demo.example", PASSWORD)
        return visitor

    yield arrive
    troubles = [trouble for visitor in visitors for trouble in visitor.troubles]
    for visitor in visitors:
        visitor.close()
    assert troubles == []
