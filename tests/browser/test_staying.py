"""One stays where one was: after a press that draws the page anew, a refused form, and without a network."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.visitor import DESK, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

FOCUSED = "document.activeElement.id || document.activeElement.textContent.trim()"


def test_a_variant_is_chosen_and_the_page_stays_where_it_was(visit: Callable[..., Visitor]) -> None:
    visitor = visit("meimei")
    visitor.go("/p/tote")
    chip = visitor.page.locator(".chips a.chip[href*='sku=']:not([aria-current])").first
    chip.scroll_into_view_if_needed()
    chip.focus()
    name, top = chip.inner_text().strip(), visitor.page.evaluate("scrollY")
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")
    visitor.until(f"scrollY === {top} && ({FOCUSED}) === '{name}'")


def test_a_refused_form_leads_to_what_is_wrong(visit: Callable[..., Visitor]) -> None:
    visitor = visit("meimei")
    visitor.go("/me/addresses/new")
    title = visitor.page.title()
    visitor.page.evaluate("document.querySelector('main form').noValidate = true")
    visitor.announce(422)
    visitor.page.locator("main form button[type=submit]").last.click()
    visitor.until("'refused' in document.body.dataset && document.activeElement !== document.body")
    wrong = visitor.page.evaluate(
        """() => {
            const one = document.activeElement, box = one.getBoundingClientRect();
            const told = document.getElementById(one.getAttribute("aria-describedby"));
            return [one.getAttribute("aria-invalid"), Boolean(told), box.top >= 0 && box.bottom <= innerHeight];
        }"""
    )
    assert wrong == ["true", True, True]
    assert visitor.page.title().startswith("请更正") and visitor.page.title().endswith(title)


def test_two_steps_of_a_number_are_one_change_and_focus_stays(visit: Callable[..., Visitor]) -> None:
    visitor = visit("meimei")
    visitor.go("/p/yam")
    visitor.press("form[action*='/cart'] button.btn")
    visitor.go("/cart")
    number = visitor.page.locator("input[type=number]").first
    before, sent = int(number.input_value()), []
    visitor.page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    number.focus()
    visitor.page.keyboard.press("ArrowUp")
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("ArrowUp")
    visitor.until(f"document.activeElement.value === '{before + 2}'")
    assert len(sent) == 1


def test_without_a_network_a_form_is_held_and_keeps_its_words(visit: Callable[..., Visitor]) -> None:
    visitor = visit("meimei")
    visitor.go("/write")
    visitor.page.locator("[name=title]").fill("今天的菜")
    visitor.page.locator("[name=body]").fill("还没有发出去的话")
    visitor.context.set_offline(True)
    visitor.page.locator("main form button.primary").last.click()
    visitor.page.locator("#say").wait_for()
    assert visitor.sees("没有网络")
    assert (visitor.path, visitor.page.locator("[name=body]").input_value()) == ("/write", "还没有发出去的话")
    visitor.context.set_offline(False)
    with visitor.page.expect_navigation():
        visitor.page.locator("main form button.primary").last.click()
    assert visitor.path.startswith("/n/")
    visitor.troubles.clear()  # what failed while the network was away


def test_letters_alone_can_be_switched_off_in_the_console(visit: Callable[..., Visitor]) -> None:
    operator = visit("owner", width=DESK)
    operator.go("/console/")
    operator.find("[data-letters]").click()
    assert operator.sees("字母快捷键已关闭")
    operator.go("/console/orders")
    for key in ("j", "/"):
        operator.page.keyboard.press(key)
        assert operator.page.evaluate("document.activeElement === document.body"), key
    operator.go("/console/")
    operator.find("[data-letters]").click()
    operator.page.keyboard.press("/")
    assert operator.page.evaluate("document.activeElement.id") == "find"


def test_stars_go_from_left_to_right_and_can_be_taken_back(visit: Callable[..., Visitor]) -> None:
    visitor = visit("xiaoyu")
    visitor.go("/me/orders?group=received")
    _to_an_experience(visitor)
    visitor.page.locator("[name=stars][value='2']").focus()
    visitor.page.keyboard.press("Space")
    visitor.page.keyboard.press("ArrowRight")
    assert visitor.page.locator("[name=stars]:checked").get_attribute("value") == "3"
    places = visitor.page.evaluate(
        "[...document.querySelectorAll('.star-row label')].map(one => one.getBoundingClientRect().left)"
    )
    assert places == sorted(places)
    visitor.page.locator("label.no-star").click()
    assert visitor.page.locator("[name=stars]:checked").get_attribute("value") == ""


def _to_an_experience(visitor: Visitor) -> None:
    for number in visitor.page.locator("main a[href^='/o/']").evaluate_all(
        "all => all.map(one => one.getAttribute('href'))"
    ):
        visitor.go(number)
        if visitor.page.locator("a[href^='/experience/']").count():
            visitor.press("a[href^='/experience/']")
            return
    raise AssertionError("no order of hers may be told about")
