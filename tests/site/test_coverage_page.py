"""docs/coverage.md promises to name every system and mechanism once, honestly and with a test that exists."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
IDS = [*(f"S{n:02}" for n in range(1, 36)), *(f"M{n:02}" for n in range(1, 69))]
STATES = {"done", "partly", "not yet"}


def rows() -> list[list[str]]:
    """Cells of each row of the tables: id, name, state, where, test, note."""
    text = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line[:3] in ("| S", "| M")
    ]


def test_every_id_stands_once_and_in_order() -> None:
    assert [row[0] for row in rows()] == IDS


def test_every_row_has_a_known_state_and_a_note() -> None:
    for id, name, state, where, _, note in rows():
        assert state in STATES, id
        assert name and note, id
        assert (where == "–") <= (state != "done"), f"{id} is done on no page"


def test_every_named_test_exists_and_whatever_works_names_one() -> None:
    for id, _, state, _, test, _ in rows():
        named = re.findall(r"`(tests/[^`]+)`", test)
        assert bool(named) == (state != "not yet"), id
        for path in named:
            assert (ROOT / path).is_file(), f"{id}: {path}"


def test_links_of_the_documents_lead_to_files() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert broken == []
