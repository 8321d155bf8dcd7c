"""Each main page: open to everybody (axe), as wide as the window, in both languages, light and dark, quiet in the console."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe

from tests.browser.visitor import DESK, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SMALL = 320
STRANGERS = [
    "/discover",
    "/p/yam",
    "/account/signup/",
    "/account/login/",
    "/account/login/code/",
    "/c/jinxiu/join",
    "/m/sun",
]
MEMBERS = [
    "/feed", "/discover", "/deals", "/p/yam", "/p/yam/evidence", "/search?q=%E8%8F%A0%E8%8F%9C", "/cart", "/c/jinxiu",
    "/c/leather/join", "/write", "/messages", "/me", "/me/orders", "/me/addresses/new", "/me/consents", "/me/trust", "/me/invite",
]  # fmt: skip
LINKED = [
    ("/deals", 'a[href*="/t/"]'),
    ("/feed", 'a[href*="/n/"]'),
    ("/me/orders", 'main a[href*="/o/"]'),
    ("/p/yam", 'a[href*="/u/"]'),
]
LEADERS = ["/leader", "/c/jinxiu/manage", "/c/jinxiu/invite"]
OPERATORS = [
    "/console/", "/console/sources", "/console/members", "/console/orders", "/console/goods", "/console/deals",
    "/console/circles", "/console/ledger", "/console/books", "/console/imports",
]  # fmt: skip
LANGUAGES = pytest.mark.parametrize(("language", "dark"), [("zh-CN", False), ("en", True)])


@LANGUAGES
def test_pages_of_strangers_are_sound(visit: Callable[..., Visitor], language: str, dark: bool) -> None:
    _are_sound(visit(language=language, dark=dark), STRANGERS)


@LANGUAGES
def test_pages_of_members_are_sound(visit: Callable[..., Visitor], language: str, dark: bool) -> None:
    member = visit("xiaoyu", language=language, dark=dark)
    linked = [_first_link(member, page, selector) for page, selector in LINKED]
    checkout = _first_link(member, "/p/yam", 'a[href*="/checkout?deal="]')
    _are_sound(member, [*MEMBERS, *linked, checkout, checkout + "&method=delivery"])


@LANGUAGES
def test_pages_of_leaders_are_sound(visit: Callable[..., Visitor], language: str, dark: bool) -> None:
    _are_sound(visit("wang", language=language, dark=dark), LEADERS)


@LANGUAGES
def test_pages_of_operators_are_sound(visit: Callable[..., Visitor], language: str, dark: bool) -> None:
    _are_sound(visit("owner", language=language, dark=dark, width=DESK), OPERATORS, wide=True)


def test_what_is_not_there_is_said_kindly(visit: Callable[..., Visitor]) -> None:
    stranger = visit()
    for path in ("/p/nothing", "/n/999999999", "/t/NOSUCHTEAM", "/c/none"):
        stranger.go(path, status=404)
        assert len(stranger.words) > 40
        assert _violations(stranger) == []


def test_script_in_a_text_stays_text(visit: Callable[..., Visitor]) -> None:
    hostile = '<img src=x onerror="document.title=1"><script>alert(1)</script>'
    member = visit("meimei")
    member.go("/write?kind=note")
    member.fill(title=hostile[:60], body=hostile)
    member.press("main form[data-once] button[type=submit]")
    assert member.sees("<script>alert(1)</script>")
    assert member.page.locator("main script, main img[src=x]").count() == 0


def _are_sound(visitor: Visitor, paths: list[str], *, wide: bool = False) -> None:
    """Collect everything first: one run tells all that is to be mended."""
    wrong: list[str] = []
    for path in paths:
        visitor.go(path)
        wrong += [f"{path}: {violation}" for violation in _violations(visitor)]
        wrong += [f"{path}: needs {needed} px of {width}" for width, needed in _too_wide(visitor, wide)]
        if visitor.page.locator("html").get_attribute("lang") not in (visitor.language, _short(visitor.language)):
            wrong.append(f"{path}: does not say its language")
    assert not wrong, "\n".join(wrong)


def _short(language: str) -> str:
    return {"zh-CN": "zh-Hans"}.get(language, language)


def _too_wide(visitor: Visitor, wide: bool) -> list[tuple[int, int]]:
    widths = [DESK] if wide else [SMALL, DESK, PHONE]
    found = []
    for width in widths:
        visitor.page.set_viewport_size({"width": width, "height": 844})
        if (needed := visitor.width_needed()) > width:
            found.append((width, needed))
    return found


def _violations(visitor: Visitor) -> list[str]:
    results: dict[str, Any] = Axe().run(visitor.page)
    return [
        f"{rule['id']}: {node['html'][:160]} ({node['failureSummary'].splitlines()[-1].strip()})"
        for rule in results["violations"]
        for node in rule["nodes"][:3]
    ]


def _first_link(visitor: Visitor, page: str, selector: str) -> str:
    visitor.go(page)
    href = visitor.find(selector).get_attribute("href")
    assert href
    return href
