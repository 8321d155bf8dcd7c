"""Chosen pictures are seen before they are sent, under the policy that forbids everything else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_chosen_pictures_are_shown_and_others_take_their_place(visit: Callable[..., Visitor], tmp_path: Path) -> None:
    files = [tmp_path / f"IMG_{number}.png" for number in (1, 2)]
    for file in files:
        Image.new("RGB", (40, 30), "#c2410c").save(file)
    broken = tmp_path / "IMG_3.png"
    broken.write_bytes(b"no picture")
    visitor = visit("meimei")
    visitor.go("/write")
    field = visitor.page.locator("input[type=file][accept*=image]").first
    drop = field.locator("xpath=..")
    before = drop.inner_text().strip()
    field.set_input_files(files)
    visitor.until("document.querySelectorAll('.picked img').length === 2")
    visitor.until("[...document.querySelectorAll('.picked img')].every(one => one.naturalWidth === 40)")
    assert drop.inner_text().strip() == "IMG_1.png，IMG_2.png"
    field.set_input_files([broken])
    visitor.until("document.querySelectorAll('.picked img').length === 0")
    field.set_input_files([])
    assert drop.inner_text().strip() == before
