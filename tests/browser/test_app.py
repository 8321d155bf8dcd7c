"""The shop as an app: offline page with the codes of this device, hearts, goods looked at; nothing of it for the next person."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

READY = "navigator.serviceWorker.ready.then(one => Boolean(one.active))"
KEPT = """caches.open("quanzi-own").then(own => own.keys()).then(keys => keys.map(key => new URL(key.url).pathname))"""


def test_without_network_the_page_helps_and_the_next_person_finds_nothing(visit: Callable[..., Visitor]) -> None:
    member = visit("xiaoyu")
    member.go("/discover")
    assert member.page.evaluate(READY)
    code = {"number": "261122-AB", "code": "482 913", "point": "锦绣站", "qr": "", "at": 0}
    put = 'codes => caches.open("quanzi-own").then(own => own.put("/own/codes", new Response(codes)))'
    member.until(
        "caches.open('quanzi-own').then(own => own.match('/own/who')).then(Boolean)"
    )  # emptied for its new owner
    member.page.evaluate(put, json.dumps([code]))

    member.context.set_offline(True)
    member.page.goto("/feed")
    member.until("document.body.innerText.includes('482 913')")
    assert member.sees("没有网")
    with member.page.expect_navigation():  # the page goes on by itself as soon as there is a network
        member.context.set_offline(False)

    # Only the page without a network and its files are kept by the worker; never a page of the shop.
    kept = member.page.evaluate(
        "caches.keys().then(names => Promise.all(names.filter(name => name.startsWith('quanzi-shell-'))"
        ".map(name => caches.open(name).then(one => one.keys())))).then(all => all.flat().map(key => new URL(key.url).pathname))"
    )
    assert kept and all(path.startswith("/static/") or path == "/offline" for path in kept)

    member.go("/account/logout/")
    member.press("main form button[type=submit], main form button")
    member.go("/discover")
    member.until(f"({KEPT}).then(paths => !paths.includes('/own/codes'))")
    member.context.set_offline(True)
    member.page.goto("/feed")
    member.page.wait_for_load_state("networkidle")
    assert not member.sees("482 913")
    member.troubles.clear()  # requests that failed while the network was away


def test_a_heart_on_a_card_fills_the_wishlist_and_empties_it(visit: Callable[..., Visitor]) -> None:
    member = visit("meimei")
    member.go("/discover")
    heart = member.find("a[data-heart=honey][role=button]")
    before = heart.get_attribute("aria-pressed")
    assert before == "false"
    with member.page.expect_response("**/wish/honey"):
        heart.click()
    member.go("/me/wishes")
    assert member.sees("洋槐蜜")
    member.press("form[action='/wish/honey'] button")
    assert not member.page.locator("form[action='/wish/honey']").count()


def test_a_heart_works_without_script(visit: Callable[..., Visitor]) -> None:
    member = visit("meimei", script=False)
    member.go("/discover")
    member.press("a[data-heart=rice]")
    member.press("main form button")
    member.go("/me/wishes")
    assert member.sees("五常大米")
    member.press("form[action='/wish/rice'] button")


def test_goods_looked_at_stay_on_the_device_when_the_person_says_so(visit: Callable[..., Visitor]) -> None:
    stranger = visit()
    stranger.go("/p/yam")
    assert stranger.page.evaluate("localStorage.getItem('quanzi-seen')") is None
    stranger.go("/seen")
    stranger.page.locator("input[value=device]").check()
    stranger.press("main form button[type=submit]")
    stranger.go("/p/yam")
    stranger.go("/seen")
    stranger.page.locator("#seen-shelf a[href*='/p/yam']").first.wait_for()
    stranger.press("form[data-clears] button")
    assert stranger.page.evaluate("localStorage.getItem('quanzi-seen')") is None


def test_nobody_is_asked_for_notices_before_they_press(visit: Callable[..., Visitor]) -> None:
    member = visit("xiaoyu")
    member.context.add_init_script(
        "window.asked = 0; Notification.requestPermission = async () => { window.asked += 1; return 'denied'; };"
    )
    for path in ("/discover", "/me/devices"):
        member.go(path)
        assert member.page.evaluate("window.asked") == 0
    member.find("[data-subscribe]").click()
    member.until("window.asked === 1")
    assert member.find("[data-when=denied]").is_visible()
