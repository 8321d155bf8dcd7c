"""Reading a recorded log: its order, and what is wrong with a broken one."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from quanzi.growth.importing.errors import BrokenLine, NoLog, UnreadableFile
from quanzi.growth.importing.log import read

SAMPLE = Path(__file__).parents[2] / "data" / "groupbuy"


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.txt").write_text(text)
    return folder


def test_the_sample_is_read_whole() -> None:
    log = read(SAMPLE)
    assert (log.total, log.failures) == (200, 80)
    records = list(log.records())
    assert [record.number for record in records] == list(range(200))
    assert sum(record.has_failed for record in records) == 80
    assert {record.line for record in records if record.file == "invalid.txt"} == set(range(1, 81))


def test_every_beginning_of_the_log_holds_failures_in_their_share() -> None:
    log = read(SAMPLE)
    for limit in (1, 7, 50, 199):
        failures = sum(record.has_failed for record in log.records(limit))
        assert failures == limit * 80 // 200


def test_a_smaller_limit_is_the_beginning_of_a_larger_one() -> None:
    log = read(SAMPLE)
    assert list(log.records(30)) == list(log.records(90))[:30]
    assert len(list(log.records(10_000))) == 200


def test_a_success_takes_everybody_and_a_failure_one_more_than_came(tmp_path: Path) -> None:
    log = read(write(tmp_path, test="1\t5\t2\t3\n", invalid="4\t5\n6\t5\t7\n"))
    sizes = {(record.file, record.line): record.team_size for record in log.records()}
    assert sizes == {("test.txt", 1): 3, ("invalid.txt", 1): 2, ("invalid.txt", 2): 3}


def test_a_packed_file_is_the_same_log(tmp_path: Path) -> None:
    plain = read(SAMPLE)
    for name in ("tune", "test", "invalid"):
        (tmp_path / f"{name}.txt.gz").write_bytes(gzip.compress((SAMPLE / f"{name}.txt").read_bytes()))
    packed = read(tmp_path)
    assert packed.fingerprint == plain.fingerprint
    assert [(one.opener, one.item) for one in packed.records()] == [(one.opener, one.item) for one in plain.records()]


def test_another_content_of_the_same_size_is_another_log(tmp_path: Path) -> None:
    one = read(write(tmp_path, test="1\t5\t2\n")).fingerprint
    assert read(write(tmp_path, test="1\t5\t3\n")).fingerprint != one


@pytest.mark.parametrize("people", ["1\t5\t1", "1\t5\t2\t3\t2"])
def test_somebody_named_twice_is_noticed(tmp_path: Path, people: str) -> None:
    assert [record.names_somebody_twice for record in read(write(tmp_path, test=people)).records()] == [True]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "1",
        "1\t",
        "one\t5\t2",
        "1\t5\t2\t",
        "1 5 2",
        "1\t5\t-2",
        "1\t5\t2.0",
        "１\t5\t2",
        "1\t5\t" + "9" * 19,
        "1\t5",
    ],
)
def test_a_broken_line_is_named_with_its_number(tmp_path: Path, line: str) -> None:
    with pytest.raises(BrokenLine) as refusal:
        read(write(tmp_path, test=f"1\t5\t2\n{line}\n3\t5\t4\n"))
    assert refusal.value.text.startswith("test.txt, line 2: ")


def test_more_people_than_a_team_may_have_are_refused(tmp_path: Path) -> None:
    crowd = "\t".join(str(number) for number in range(2, 102))
    with pytest.raises(BrokenLine, match="more than 99 people"):
        read(write(tmp_path, invalid=f"1\t5\t{crowd}\n"))


def test_a_folder_without_a_log_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoLog):
        read(tmp_path)
    with pytest.raises(NoLog):
        read(write(tmp_path, test="", invalid=""))


def test_a_file_cut_off_in_the_middle_is_refused(tmp_path: Path) -> None:
    whole = gzip.compress((SAMPLE / "test.txt").read_bytes())
    (tmp_path / "test.txt.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadableFile, match=r"test\.txt\.gz"):
        read(tmp_path)


def test_a_file_that_only_says_it_is_packed_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tune.txt.gz").write_bytes(b"1\t5\t2\n")
    with pytest.raises(UnreadableFile):
        read(tmp_path)
