"""Buying without script, and with nothing but the keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_everything_can_be_bought_without_script(visit: Callable[..., Visitor]) -> None:
    buyer = visit("meimei", script=False)
    buyer.go("/discover")
    buyer.press('main a[href*="/p/"]')
    buyer.go("/p/honey")
    buyer.press("form:has(input[value=add]) .btn")
    buyer.go("/cart")
    assert buyer.sees("洋槐蜜")
    buyer.press('a[href*="/checkout"]')
    buyer.press("button[form=order]")
    buyer.pay()
    _arrives_paid(buyer, "洋槐蜜")


def test_everything_can_be_bought_with_the_keyboard(visit: Callable[..., Visitor]) -> None:
    buyer = visit("meimei")
    buyer.go("/p/rice")
    _press_by_key(buyer, 'a[href*="/checkout?line="]')
    _press_by_key(buyer, "button[form=order]")
    buyer.page.wait_for_url(lambda url: not url.startswith(buyer.address))
    _press_by_key(buyer, "button.main")
    if not buyer.page.url.startswith(buyer.address):
        _press_by_key(buyer, "a.main")
    _arrives_paid(buyer, "五常大米")


def _arrives_paid(buyer: Visitor, goods: str) -> None:
    """The shop hears of the payment on its own way; the order then stands among those to prepare."""
    buyer.go("/me/orders")
    buyer.press('main a[href*="/o/"]')
    assert buyer.sees(goods)
    buyer.await_words("备货")


def _press_by_key(buyer: Visitor, selector: str) -> None:
    """Tab to it, see where one is at each step, and press Enter."""
    for _ in range(120):
        buyer.page.keyboard.press("Tab")
        here = buyer.page.evaluate_handle("document.activeElement").as_element()
        assert here is not None
        assert here.evaluate(SHOWS_FOCUS), f"no sign of focus on {here.evaluate('one => one.outerHTML')}"
        if here.evaluate("(one, selector) => one.matches(selector)", selector):
            with buyer.page.expect_navigation():
                buyer.page.keyboard.press("Enter")
            return
    raise AssertionError(f"the keyboard does not reach {selector} on {buyer.path}")


SHOWS_FOCUS = """one => {
    const seen = [one, one.closest("label"), one.nextElementSibling, one.parentElement].filter(Boolean);
    return one === document.body || seen.some(part => {
        const style = getComputedStyle(part);
        return style.outlineStyle !== "none" || style.boxShadow !== "none";
    });
}"""
