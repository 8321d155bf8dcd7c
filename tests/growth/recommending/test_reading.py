"""Files from elsewhere are read as they are, or refused with the line."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from quanzi.growth.recommending.engine.reading import Unreadable, read_split
from quanzi.site.cli.evaluate import evaluate


def _write(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_ids_are_any_text_headings_and_blank_lines_are_passed_over(tmp_path):
    train = _write(tmp_path, "train", "user\titem\tweight\n妈妈\t苹果\t2\n\n妈妈\t梨\t0.5\nLi 4\t苹果\t1\r\n")
    test = _write(tmp_path, "test", "# held back\nLi 4\t梨\nLi 4\t苹果\n新人\t桃\n")
    ties = _write(tmp_path, "ties", "妈妈\tLi 4\nLi 4\tLi 4\n妈妈\t路人\n")
    split = read_split(train, test, ties)
    assert split.people == ["妈妈", "Li 4", "新人"] and split.goods == ["苹果", "梨", "桃"]
    assert split.train.toarray().tolist() == [[2, 0.5, 0], [1, 0, 0], [0, 0, 0]]
    assert split.test.toarray().tolist() == [[0, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert split.ties.toarray().tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 0]]
    assert split.left_out == {"test_lines_in_train": 1, "ties_of_unknown_people": 1}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("a", "line 2: 2 or 3 columns"),
        ("a b", "line 2: 2 or 3 columns"),
        ("a\tb\tc\td", "line 2: 2 or 3 columns"),
        ("\tb", "line 2: an empty id"),
        ("a\tb\tmany", "line 2: the weight 'many'"),
        ("a\tb\t-1", "line 2: the weight must be above 0"),
        ("a\tb\tnan", "line 2: the weight must be above 0"),
        ("a\tb\t1e308", "line 2: the weight must be at most 1e\\+09"),
    ],
)
def test_a_bad_line_is_refused_with_its_number(tmp_path, line, words):
    train, test = _write(tmp_path, "train", f"a\tb\n{line}\n"), _write(tmp_path, "test", "a\tc\n")
    with pytest.raises(Unreadable, match=words):
        read_split(train, test)


def test_four_methods_are_printed_a_line_each_and_progress_apart(tmp_path):
    train = _write(tmp_path, "train", "".join(f"p{n}\tg{(n * k) % 7}\n" for n in range(12) for k in (1, 2, 3)))
    test = _write(tmp_path, "test", "".join(f"p{n}\tg{(n * 5 + 1) % 7}\n" for n in range(14)))
    answer = CliRunner().invoke(evaluate, ["recommend", "--train", str(train), "--test", str(test), "--seconds", "5"])
    assert answer.exit_code == 0, answer.output
    rows = [json.loads(line) for line in answer.stdout.splitlines()]
    assert [row["method"] for row in rows] == ["popularity", "item-knn", "engine without ties", "engine"]
    for row in rows:
        assert {"recall@10", "recall@20", "ndcg@10", "ndcg@20", "fit_seconds", "peak_memory_mb"} <= row.keys()
    assert "fitting" in answer.stderr


def test_a_file_with_a_mistake_ends_the_command_in_words(tmp_path):
    train, test = _write(tmp_path, "train", "a\n"), _write(tmp_path, "test", "a\tb\n")
    answer = CliRunner().invoke(evaluate, ["recommend", "--train", str(train), "--test", str(test)])
    assert answer.exit_code == 1 and "line 1: 2 or 3 columns" in answer.output


def test_a_test_that_asks_for_nothing_new_is_refused_before_anything_is_fitted(tmp_path):
    train, test = _write(tmp_path, "train", "a\tb\na\tc\n"), _write(tmp_path, "test", "a\tb\n")
    answer = CliRunner().invoke(evaluate, ["recommend", "--train", str(train), "--test", str(test)])
    assert answer.exit_code == 1 and "every line is in" in answer.output
    assert "fitting" not in answer.output and "method" not in answer.output


def test_ties_of_nobody_in_the_lines_are_told_without_a_figure(tmp_path):
    train, test = _write(tmp_path, "train", "a\tx\nb\ty\n"), _write(tmp_path, "test", "a\ty\n")
    ties = _write(tmp_path, "ties", "c\td\n")
    answer = CliRunner().invoke(
        evaluate, ["recommend", "--train", str(train), "--test", str(test), "--ties", str(ties), "--seconds", "1"]
    )
    assert answer.exit_code == 0, answer.output
    assert "left out: 1 ties of unknown people" in answer.stderr
    assert "no tie between two people" in answer.stderr and "times as much" not in answer.stderr
