"""What is not there is said kindly; what people write stays text. Each page's soundness is `test_everyone`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.addresses import Page
from tests.browser.soundness import faults_of
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_what_is_not_there_is_said_kindly(visit: Callable[..., Visitor]) -> None:
    stranger = visit()
    for path in ("/p/nothing", "/n/999999999", "/t/NOSUCHTEAM", "/c/none"):
        assert faults_of(stranger, Page(path, status=404)) == []
        assert len(stranger.words) > 40


def test_script_in_a_text_stays_text(visit: Callable[..., Visitor]) -> None:
    hostile = '<img src=x onerror="document.title=1"><script>alert(1)</script>'
    member = visit("meimei")
    member.go("/write?kind=note")
    member.fill(title=hostile[:60], body=hostile)
    member.press("main form[data-once] button[type=submit]")
    assert member.sees("<script>alert(1)</script>")
    assert member.page.locator("main script, main img[src=x]").count() == 0
