"""Everything by keyboard: a team joined, a console page worked; focus is seen, nothing covers it; colours of the system; no motion."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.test_buying import _press_by_key as press_by_key
from tests.browser.visitor import DESK, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

COVERED = """() => {
    const one = document.activeElement;
    if (!one || one === document.body || one.closest(".only-sr, .skip") || one.matches(".only-sr, .skip")) return "";
    const whole = (one.matches("input") && one.closest("label") || one).getBoundingClientRect();
    if (!whole.width || !whole.height) return "";
    const [left, top] = [Math.max(0, whole.left), Math.max(0, whole.top)];
    const [wide, high] = [Math.min(innerWidth, whole.right) - left, Math.min(innerHeight, whole.bottom) - top];
    const points = [[.5, .5], [.1, .5], [.9, .5], [.5, .1], [.5, .9]].map(([x, y]) => [left + wide * x, top + high * y]);
    const free = points.some(([x, y]) => {
        const above = document.elementFromPoint(x, y);
        return above && (one.contains(above) || above.contains(one) || one.closest("label")?.contains(above));
    });
    return free ? "" : one.outerHTML.slice(0, 160);
}"""


def test_a_team_is_opened_with_the_keyboard(visit: Callable[..., Visitor]) -> None:
    member = visit("meimei")
    member.go("/p/yam")
    press_by_key(member, '.sticky a[href*="/checkout?deal="], a[href*="/checkout?deal="]')
    press_by_key(member, "button[form=order]")
    member.page.wait_for_url(lambda url: not url.startswith(member.address))
    press_by_key(member, "button.main")
    if not member.page.url.startswith(member.address):
        press_by_key(member, "a.main")
    member.await_words("还差")


def test_an_operator_finds_an_order_with_the_keyboard(visit: Callable[..., Visitor]) -> None:
    operator = visit("owner", width=DESK)
    operator.go("/console/orders")
    operator.page.keyboard.press("/")
    assert operator.page.evaluate("document.activeElement.id") == "find"
    operator.go("/console/orders")
    operator.page.keyboard.press("j")
    with operator.page.expect_navigation():
        operator.page.keyboard.press("Enter")
    assert operator.path.startswith("/console/orders/")


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize(
    ("who", "path"), [("xiaoyu", "/p/yam"), ("xiaoyu", "/cart"), ("xiaoyu", "/feed"), ("owner", "/console/orders")]
)
def test_nothing_covers_what_has_the_focus(visit: Callable[..., Visitor], who: str, path: str, width: int) -> None:
    visitor = visit(who, width=width)
    visitor.go(path)
    covered = []
    for _ in range(70):
        visitor.page.keyboard.press("Tab")
        if found := visitor.page.evaluate(COVERED):
            covered.append(found)
    assert covered == []


@pytest.mark.parametrize("path", ["/discover", "/p/yam", "/checkout?line=1:1", "/console/"])
def test_colours_of_the_system_keep_buttons_and_focus_visible(visit: Callable[..., Visitor], path: str) -> None:
    visitor = visit("owner")
    visitor.page.emulate_media(forced_colors="active")
    visitor.go(path)
    edges = visitor.page.evaluate(
        """() => [...document.querySelectorAll(".btn:not([disabled])")].filter(one => one.checkVisibility())
            .filter(one => getComputedStyle(one).borderTopStyle === "none").map(one => one.outerHTML.slice(0, 120))"""
    )
    assert edges == []
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


def test_who_wants_no_motion_gets_none(visit: Callable[..., Visitor]) -> None:
    visitor = visit("xiaoyu")
    for path in ("/feed", "/p/yam", "/me"):
        visitor.go(path)
        moving = visitor.page.evaluate(
            """() => [...document.querySelectorAll("*")].filter(one => {
                const style = getComputedStyle(one), long = text => text.split(",").some(part => parseFloat(part) > 0.01);
                return (style.animationName !== "none" && long(style.animationDuration)) || long(style.transitionDuration);
            }).map(one => one.className).slice(0, 5)"""
        )
        assert moving == [], path
