"""The pages about security name tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "security").glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_named_test_exists(page: Path) -> None:
    file = ""
    for named in re.findall(r"`(tests/[\w/]+\.py)?(?:::(test_\w+))?`", page.read_text(encoding="utf-8")):
        file = named[0] or file
        if file and any(named):
            assert (ROOT / file).exists(), file
            assert not named[1] or re.search(rf"def {named[1]}\(", (ROOT / file).read_text(encoding="utf-8")), named
