"""Joining by phone, and coming back."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import pytest

from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_code_to_the_phone_lets_a_newcomer_in_and_back_to_the_goods(visit: Callable[..., Visitor]) -> None:
    number = f"139{secrets.randbelow(10**8):08d}"
    newcomer = visit()
    newcomer.go("/p/yam")
    newcomer.press('main a[href*="/account/login/"]')
    newcomer.press('main a[href*="/account/signup/"]')
    newcomer.sign_up("电话来的", number)
    assert newcomer.path == "/p/yam"
    newcomer.go("/me")
    assert newcomer.sees("电话来的")

    # The next day, from another browser, with a code again.
    again = visit()
    again.go("/account/login/code/?next=/me")
    again.fill(contact=number)
    sent = newcomer.code_sent_to(number)
    again.press("main form[data-once] button")
    again.fill(code=again.code_sent_to(number, but=sent))
    again.press("main form[data-once] button")
    assert again.path == "/me"
    assert again.sees("电话来的")


def test_a_wrong_code_is_refused_with_words(visit: Callable[..., Visitor]) -> None:
    newcomer = visit(language="en")
    newcomer.go("/account/signup/")
    newcomer.fill(name="Ann", contact=f"ann-{secrets.token_hex(3)}@example.org")
    newcomer.press("main form[data-once] button")
    newcomer.fill(code="000000")
    newcomer.press("main form[data-once] button")
    assert newcomer.sees("This code is not right.")
    newcomer.go("/me/orders")
    assert newcomer.path.startswith("/account/")
