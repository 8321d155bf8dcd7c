"""Words in another language than the page's are marked, so that a screen reader says them in their own (WCAG 3.1.2)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TONGUE = "el => el.closest('[lang]').lang"
UNMARKED = """() => {
    const han = text => (text.match(/\\p{Script=Han}/gu) || []).length, words = text => (text.match(/\\p{Script=Latin}+/gu) || []).length;
    return [...document.querySelectorAll("body *:not(script, style, svg *)")].filter(el => {
        const text = [...el.childNodes].filter(one => one.nodeType === 3).map(one => one.data).join(" ");
        return han(text) > words(text) && !el.closest("[lang]").lang.startsWith("zh");
    }).map(el => el.outerHTML.slice(0, 120));
}"""


@pytest.mark.parametrize("path", ["/discover", "/p/tote", "/feed", "/circles", "/me"])
def test_chinese_names_and_words_on_an_english_page_are_chinese(visit: Callable[..., Visitor], path: str) -> None:
    visitor = visit("meimei", language="en")
    visitor.go(path)
    assert visitor.page.locator("html").get_attribute("lang") == "en"
    assert visitor.page.evaluate(UNMARKED) == []
    assert visitor.page.locator("header nav a").first.evaluate(TONGUE) == "en"


def test_what_is_drawn_later_is_marked_too(visit: Callable[..., Visitor]) -> None:
    visitor = visit("meimei", language="en")
    visitor.go("/me")
    visitor.page.evaluate(
        """() => {
            const late = document.createElement("p");
            late.textContent = "刚刚到的一句话";
            document.getElementById("main").append(late);
            document.dispatchEvent(new CustomEvent("htmx:afterSwap", { detail: { elt: document.getElementById("main") } }));
        }"""
    )
    assert visitor.page.get_by_text("刚刚到的一句话").evaluate(TONGUE) == "zh-Hans"


def test_an_english_sentence_on_a_chinese_page_is_english_and_a_name_is_not(visit: Callable[..., Visitor]) -> None:
    visitor = visit("meimei")
    visitor.go("/me")
    tongues = visitor.page.evaluate(
        """() => {
            const main = document.getElementById("main");
            main.innerHTML = "<p>Peaches from a hill, picked this morning</p><p>Etsy</p><p>寄到 Xi'an 的一箱</p>";
            document.dispatchEvent(new CustomEvent("htmx:afterSwap", { detail: { elt: main } }));
            return [...main.children].map(el => el.closest("[lang]").lang);
        }"""
    )
    assert tongues == ["en", "zh-Hans", "zh-Hans"]
