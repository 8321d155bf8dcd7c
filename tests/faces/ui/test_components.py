"""Components as markup: safe, without anything inline, and complete."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

import quanzi.faces.ui as room
from quanzi.faces.ui.icons import bodies, icon
from quanzi.faces.ui.people_marks import avatar
from quanzi.faces.ui.pictures import picture, qr
from quanzi.faces.ui.samples import samples

ROOM = Path(room.__file__).parent
TEMPLATES = sorted((ROOM / "jinja2").rglob("*.html"))
INLINE = re.compile(r"\sstyle=|<style|\son[a-z]+=\"|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)


@pytest.fixture(name="env")
def environment_of_pages() -> jinja2.Environment:
    found = next(engine for engine in engines.all() if hasattr(engine, "env"))
    env: jinja2.Environment = found.env
    return env


def rendered(template: str, language: str) -> str:
    request = RequestFactory().get("/styleguide")
    request.user = AnonymousUser()
    request._messages = []  # type: ignore[attr-defined]  # flash storage without a session
    with translation.override(language):
        return render_to_string(template, samples(), request)


@pytest.fixture(name="pages", scope="module")
def living_pages(only_our_addresses: None) -> Iterator[dict[tuple[str, str], str]]:
    pages = ("ui/styleguide.html", "ui/styleguide-desk.html")
    yield {(page, language): rendered(page, language) for page in pages for language in ("zh-hans", "en")}


def test_the_living_page_draws_every_component_without_anything_inline(pages: dict[tuple[str, str], str]) -> None:
    for name, html in pages.items():
        assert not INLINE.search(html), name
        assert "Undefined" not in html


def test_every_macro_is_shown_on_the_living_page(env: jinja2.Environment) -> None:
    used = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
    for name in env.globals["ui"].names():  # type: ignore[attr-defined]
        assert re.search(rf"\b{name}\(", used.replace(f"macro {name}(", "")), f"{name} is shown nowhere"


def test_the_reader_of_chinese_sees_no_english_words_of_ours(pages: dict[tuple[str, str], str]) -> None:
    html = pages["ui/styleguide.html", "zh-hans"]
    assert '<html lang="zh-Hans"' in html
    assert "留下 211，退 3" in html
    assert "还差 1 位" in html
    assert "Kept" not in html


def test_the_reader_of_english_gets_plurals(pages: dict[tuple[str, str], str]) -> None:
    html = pages["ui/styleguide.html", "en"]
    assert "1 seat left" in html
    assert "2 seats left" in html


def test_no_template_of_the_room_has_anything_inline() -> None:
    for path in TEMPLATES:
        assert not INLINE.search(path.read_text(encoding="utf-8")), path.name


def test_style_sheets_name_colours_only_through_tokens() -> None:
    allowed = {"tokens.css", "accents.css"}
    for path in (ROOM / "static/ui").glob("*.css"):
        if path.name not in allowed:
            colours = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", path.read_text(encoding="utf-8")))
            # grounds that stay the same in both themes: faces, the paper of a QR code, print, the knob of a switch
            assert colours <= LASTING, (path.name, colours - LASTING)


LASTING = {"#fff", "#23201c", "#3c3a52", "#dcefe6", "#fce8cf", "#f6dcd8", "#e2e7d2", "#f6dfea", "#dbe7f2", "#efe3d6"}


def test_our_script_stays_under_ten_kilobytes() -> None:
    assert (ROOM / "static/ui/quanzi.js").stat().st_size < 10_000


def test_every_icon_named_in_a_template_exists() -> None:
    for path in TEMPLATES:
        for name in re.findall(r"""\bicon\("([a-z0-9-]+)\"""", path.read_text(encoding="utf-8")):
            assert name in bodies(), (path.name, name)
    with pytest.raises(KeyError):
        icon("no-such-icon")


@pytest.mark.parametrize("name", ['<script>alert("1")</script>', '" onmouseover="x', "周姐"])
def test_names_and_texts_are_escaped(name: str, env: jinja2.Environment) -> None:
    ui: Any = env.globals["ui"]
    who = {"display_name": name, "avatar": ""}
    for html in (
        avatar(who, 40, label=True),
        ui.who(who, tie=name),
        ui.button(name, href="/?q=" + name),
        ui.notice(name),
        qr(name),
    ):
        assert "<script>" not in html
        assert '" onmouseover="' not in html


def test_words_stand_in_the_readers_language_and_what_is_filled_in_is_escaped(env: jinja2.Environment) -> None:
    template = env.from_string(
        '{{ gettext("Close") }} {{ gettext("%(paid)s paid, %(rate)s %%", paid=paid, rate=5) }} {{ gettext("100 %%") }}'
        '{{ gettext("%(text)s: %(context)s", text="1", context="2") }}'
    )
    for language, close, paid in (
        ("zh-hans", "关闭", "实付 &lt;b&gt;，5 %"),
        ("en", "Close", "&lt;b&gt; paid, 5 %"),
    ) * 2:
        with translation.override(language):
            assert template.render(paid="<b>") == f"{close} {paid} 100 %1: 2"


def test_a_picture_offers_three_widths_and_its_own_shape() -> None:
    class Stored:
        width, height, alt = 1080, 1350, "蒸好的蜜薯"

        def url(self, width: int) -> str:
            return f"/media/ab/abcd-{width}.webp"

    html = picture(Stored())
    assert 'srcset="/media/ab/abcd-320.webp 320w, /media/ab/abcd-640.webp 640w, /media/ab/abcd-1280.webp 1280w"' in html
    assert 'width="1080" height="1350"' in html
    assert 'alt="蒸好的蜜薯"' in html
    assert 'loading="lazy"' in html


def test_a_member_without_a_picture_keeps_the_same_tint() -> None:
    assert avatar({"name": "周姐"}) == avatar({"name": "周姐"})
    assert "周" in avatar({"name": "周姐"})
    with pytest.raises(ValueError, match="No avatar size"):
        avatar({"name": "周姐"}, 41)


def test_a_field_ties_its_error_to_the_input(env: jinja2.Environment) -> None:
    ui: Any = env.globals["ui"]
    html = ui.field("phone", "取货手机号", "138", hint="11 位", error="现在少 8 位")
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="f-phone-hint f-phone-error"' in html
    assert 'id="f-phone-error"' in html


def test_a_misspelt_name_is_false_in_a_condition_and_an_error_on_the_page(env: jinja2.Environment) -> None:
    assert env.from_string("{% if nobody %}x{% endif %}").render() == ""
    with pytest.raises(jinja2.UndefinedError):
        env.from_string("{{ nobody }}").render()
