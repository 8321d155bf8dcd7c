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


def test_the_head_of_the_table_counts_its_rows() -> None:
    text = (ROOT / "docs" / "security" / "asvs.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (V[\d.]+) \| [^|]+ \| (.+) \|$", text, re.MULTILINE)
    assert len({key for key, _ in rows}) == len(rows) == len(re.findall(r"^\| V\d", text, re.MULTILINE))
    absent = sum(answer.startswith("*not applicable:*") for _, answer in rows)
    still_open = sum(answer.startswith("**open:**") for _, answer in rows)
    told = [int(number) for number in re.findall(r"\((\d+)\)", text.split("## V1 ")[0])]
    assert told == [len(rows) - absent - still_open, absent, still_open]


def test_every_file_and_chapter_that_is_named_is_there() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for named in re.findall(r"`((?:docs|src)/[\w/.-]+)`", text):
            assert (ROOT / named).exists(), (page.name, named)
        for file, chapter in re.findall(r"\]\((\w+\.md)#([\w-]+)\)", text):
            heads = re.findall(r"^#+ (.+)$", (page.parent / file).read_text(encoding="utf-8"), re.MULTILINE)
            assert chapter in {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}, (
                page.name,
                chapter,
            )
