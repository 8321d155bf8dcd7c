"""A leader counts in a stairwell: without a network nothing is lost, and nothing is done twice."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Route

from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_what_is_counted_without_a_network_sends_itself_once(visit: Callable[..., Visitor]) -> None:
    leader = visit("wang")
    leader.go("/leader/arrivals")
    leader.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    leader.until("caches.open('quanzi-own').then(own => own.match('/own/page/leader/arrivals')).then(Boolean)")
    leader.page.reload()
    leader.page.locator("details[data-lot]:not(.counted) > summary").first.wait_for()
    form = leader.page.locator("details[open] form[data-keep]").first
    assert form.locator("[name=arrived]").input_value() != "0"

    leader.context.set_offline(True)
    form.locator("button[type=submit], button:not([type])").last.click()
    leader.await_words("1 条待发送")
    leader.page.reload()  # the page itself opens without a network, and still knows
    leader.await_words("1 条待发送")
    with leader.page.expect_response("**/leader/arrivals*", timeout=40_000) as sent:
        leader.context.set_offline(False)
    assert sent.value.json()["done"] is True
    leader.await_words("一份不少")
    leader.page.locator("#unsent").wait_for(state="hidden")
    leader.go("/leader/station")
    assert leader.sees("上一期")
    leader.troubles.clear()  # requests that failed while the network was away


def test_a_page_is_kept_although_the_script_that_keeps_it_comes_late(visit: Callable[..., Visitor]) -> None:
    leader = visit("wang")

    def late(route: Route) -> None:
        time.sleep(1)
        route.continue_()

    leader.page.route("**/keeping*.js", late)
    leader.go("/leader/pay")
    leader.until("caches.open('quanzi-own').then(own => own.match('/own/page/leader/pay')).then(Boolean)", seconds=5)


def test_what_waits_and_what_was_refused_stand_in_the_width_of_a_phone(visit: Callable[..., Visitor]) -> None:
    leader = visit("wang")
    leader.go("/leader/give")
    box, code = leader.page.locator("#unsent"), leader.page.locator("form[data-keep] [name=code]")
    leader.context.set_offline(True)
    code.fill("000000")
    code.press("Enter")
    box.wait_for()
    assert leader.page.locator("#send-now").is_visible()
    assert fits(leader) and box.bounding_box()["height"] < 260
    with leader.page.expect_response("**/leader/give*", timeout=40_000):
        leader.context.set_offline(False)
    box.locator("button", has_text="知道了").wait_for()
    assert not leader.page.locator("#send-now").is_visible() and not leader.page.locator("#unsent-way").is_visible()
    assert fits(leader) and box.bounding_box()["height"] < 260
    box.locator("button", has_text="知道了").click()
    box.wait_for(state="hidden")
    leader.troubles.clear()


def test_a_leaders_day_opens_without_a_network_and_says_when_it_was_seen(visit: Callable[..., Visitor]) -> None:
    leader = visit("wang")
    for path in ("/leader/station", "/leader/pay"):
        leader.go(path)
        leader.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        leader.until(f"caches.open('quanzi-own').then(own => own.match('/own/page{path}')).then(Boolean)")
    leader.page.reload()
    leader.context.set_offline(True)
    leader.page.goto("/leader/station")
    leader.await_words("没有网络，这是")
    leader.page.goto("/me/orders")
    leader.until(
        "document.readyState === 'complete' && document.querySelector(\"#pages a[href='/leader/pay']\") !== null"
    )
    leader.find("#pages a[href='/leader/pay']").click()
    leader.page.wait_for_url("**/leader/pay")
    leader.await_words("没有网络，这是")
    leader.context.set_offline(False)
    leader.page.goto("/leader/pay")
    assert not leader.sees("没有网络，这是")
    leader.troubles.clear()


def fits(visitor: Visitor) -> bool:
    return bool(visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
