"""The command: a report at the end, a sentence for every mistake."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from quanzi.growth.importing.models import ImportRun
from quanzi.site.cli import quanzi

SAMPLE = Path(__file__).parents[2] / "data" / "groupbuy"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def an_open_shop(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's database is open already."""
    monkeypatch.setattr("quanzi.site.cli.imports.open_shop", lambda: None)


def call(*arguments: object) -> Result:
    return CliRunner().invoke(quanzi, ["import", "groupbuy", *map(str, arguments)])


def test_it_ends_with_a_report() -> None:
    result = call(SAMPLE, "--limit", 20, "--workers", 1)
    assert result.exit_code == 0, result.output
    assert "20 records of groupbuy: 12 teams succeeded, 8 failed" in result.output
    assert "8 refunds" in result.output
    assert "Most trusted openers" in result.output
    assert "all hold" in result.output


def test_a_broken_file_is_named_and_nothing_is_imported(tmp_path: Path) -> None:
    (tmp_path / "tune.txt").write_text("1\t2\t3\nrubbish\n")
    result = call(tmp_path)
    assert result.exit_code == 2
    assert "tune.txt, line 2:" in result.output and "Nothing was imported" in result.output
    assert "Traceback" not in result.output
    assert not ImportRun.objects.exists()


def test_a_folder_without_a_log_is_named(tmp_path: Path) -> None:
    result = call(tmp_path)
    assert result.exit_code == 2 and str(tmp_path) in result.output


@pytest.mark.parametrize("mistake", [("--limit", 0), ("--limit", "many"), ("--workers", 0), ("--wrong", 1)])
def test_a_wrong_option_is_explained(mistake: tuple[object, ...]) -> None:
    result = call(SAMPLE, *mistake)
    assert result.exit_code == 2 and "Usage" in result.output


def test_a_folder_that_is_not_there_is_named() -> None:
    result = call("/nowhere/at/all")
    assert result.exit_code == 2 and "/nowhere/at/all" in result.output


def test_a_broken_promise_makes_the_command_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    from quanzi.base import doctor

    found = [doctor.Result("X9", "Nothing is ever wrong", 3)]
    monkeypatch.setattr("quanzi.growth.importing.services.doctor.run", lambda: found)
    result = call(SAMPLE, "--limit", 2, "--workers", 1)
    assert result.exit_code == 1 and "BROKEN X9: 3" in result.output
