"""Visitors are counted over all processes of a machine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from quanzi.faces.api import cursors, limits, shared_counts
from quanzi.faces.api.shared_counts import SETS, WAYS, SharedCounts
from tests.faces.api.conftest import Caller

PROGRAM = """
import runpy, sys
from pathlib import Path
counts = runpy.run_path(sys.argv[1])["SharedCounts"](Path(sys.argv[2]))
for _ in range(400):
    counts.add("visitor 203.0.113.7", 1, period=7)
"""


def test_processes_that_count_at_once_lose_no_call(tmp_path: Path) -> None:
    table = tmp_path / "calls"
    command = [sys.executable, "-c", PROGRAM, shared_counts.__file__, str(table)]
    for one in [subprocess.Popen(command) for _ in range(3)]:
        assert one.wait() == 0
    assert SharedCounts(table).add("visitor 203.0.113.7", 0, period=7) == 1200


def test_a_new_minute_begins_at_none_and_names_stand_apart(tmp_path: Path) -> None:
    counts = SharedCounts(tmp_path / "calls")
    assert [counts.add("a", 1, period=1), counts.add("a", 1, period=1), counts.add("b", 1, period=1)] == [1, 2, 1]
    assert counts.add("a", 1, period=2) == 1
    assert b"203.0.113.7" not in (tmp_path / "calls").read_bytes()


def test_who_calls_most_is_remembered_longest_when_it_gets_crowded(tmp_path: Path) -> None:
    counts = SharedCounts(tmp_path / "calls")
    for _ in range(50):
        counts.add("loud", 1, period=1)
    for number in range(SETS * WAYS // 4):
        counts.add(f"quiet {number}", 1, period=1)
    assert counts.add("loud", 0, period=1) == 50


@pytest.mark.django_db
def test_visitors_have_one_limit_whichever_process_answers(settings: Any, tmp_path: Path) -> None:
    settings.API_CALLS_FILE, settings.API_VISITOR_CALLS = tmp_path / "run" / "calls", 3
    SharedCounts(settings.API_CALLS_FILE).add("visitor 127.0.0.1", 2, period=limits._period())  # by another process
    found = [Caller().ask("GET", "/circles").status_code for _ in range(2)]
    assert found == [200, 429]


@pytest.mark.django_db
def test_the_cursor_of_one_list_is_refused_by_another_in_words() -> None:
    with cursors.of_list("/api/v1/circles"):
        text = cursors.write(5)
    assert Caller().problem("GET", f"/products?cursor={text}") == (422, "invalid_request")
    answer = Caller().ask("GET", f"/products?cursor={text}").json()
    assert [error["code"] for error in answer["errors"]] == ["not_a_cursor"]
    assert Caller().get(f"/circles?cursor={text}")["items"] == []
