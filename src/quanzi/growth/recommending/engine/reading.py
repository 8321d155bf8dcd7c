"""Tab-separated files of who kept what, read into matrices. Ids are any text; a bad line is refused with its number."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from quanzi.growth.recommending.engine.matrices import Floats, Sparse, matrix_of

MOST = 1e9
"""Weights above this are a mistake, and their sums and squares would not fit into the engine's numbers."""


class Unreadable(ValueError):
    """A file is not what it should be; the words name file and line."""


@dataclass(frozen=True)
class Split:
    """One data set, divided. Rows of all matrices are `people`, columns of train and test `goods`.

    train: weights above 0; test: 1 for each pair that is not in train; ties: symmetric, None without a file.
    left_out: pairs of test that train has too, and ties of people whom neither file knows.
    """

    people: list[str]
    goods: list[str]
    train: Sparse
    test: Sparse
    ties: Sparse | None
    left_out: dict[str, int]


class _Numbering:
    """Gives each name the next number, in order of first sight."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def of(self, name: str) -> int:
        return self.numbers.setdefault(name, len(self.numbers))


def read_split(train: Path, test: Path, ties: Path | None = None) -> Split:
    """Read the files of one data set; raises Unreadable."""
    people, goods = _Numbering(), _Numbering()
    kept = [(people.of(one), goods.of(good), weight) for one, good, weight in _lines(train, weighted=True)]
    held = [(people.of(one), goods.of(good), 1.0) for one, good, _ in _lines(test)]
    if not kept or not held:
        raise Unreadable(f"{train if not kept else test}: no line with a person and an item")
    shape = (len(people.numbers), len(goods.numbers))
    seen = matrix_of(kept, shape)
    asked = matrix_of(held, shape, added=False)
    fresh = (asked - asked.multiply(seen > 0)).tocsr()
    fresh.eliminate_zeros()
    if not fresh.nnz:
        raise Unreadable(f"{test}: every line is in {train} too, so nothing is left to look for")
    graph, strangers = _graph(ties, people.numbers) if ties is not None else (None, 0)
    left_out = {"test_lines_in_train": int(asked.nnz - fresh.nnz), "ties_of_unknown_people": strangers}
    return Split(list(people.numbers), list(goods.numbers), seen, fresh, graph, left_out)


def _graph(path: Path, numbers: dict[str, int]) -> tuple[Sparse, int]:
    found, strangers = [], 0
    for one, other, weight in _lines(path, weighted=True):
        if one not in numbers or other not in numbers:
            strangers += 1
        elif one != other:
            found.append((numbers[one], numbers[other], weight))
    graph = matrix_of(found, (len(numbers), len(numbers)), added=False)
    return graph.maximum(graph.T).tocsr(), strangers


def _lines(path: Path, *, weighted: bool = False) -> Iterator[tuple[str, str, float]]:
    """Cells of each line. Blank lines and lines that begin with # are passed over, and a first line whose names are headings."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                text = line.rstrip("\r\n")
                if not text.strip() or text.startswith("#"):
                    continue
                cells = [cell.strip() for cell in text.split("\t")]
                if number == 1 and _is_heading(cells):
                    continue
                yield _checked(cells, weighted, f"{path}, line {number}")
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path}: not UTF-8 text ({error.reason} at byte {error.start})") from None
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror or error}") from None


_HEADINGS = {
    "person",
    "user",
    "user_id",
    "userid",
    "member",
    "item",
    "item_id",
    "itemid",
    "product",
    "friend",
    "weight",
}


def _is_heading(cells: list[str]) -> bool:
    return len(cells) > 1 and all(cell.lower() in _HEADINGS or cell.lower().startswith("person") for cell in cells[:2])


def _checked(cells: list[str], weighted: bool, where: str) -> tuple[str, str, float]:
    columns = "2 or 3 columns" if weighted else "2 columns"
    if not 2 <= len(cells) <= 3 or (len(cells) == 3 and not weighted):
        raise Unreadable(f"{where}: {columns} expected, divided by tabs; found {len(cells)}")
    if not cells[0] or not cells[1]:
        raise Unreadable(f"{where}: an empty id")
    if len(cells) == 2:
        return cells[0], cells[1], 1.0
    try:
        weight = float(cells[2])
    except ValueError:
        raise Unreadable(f"{where}: the weight {cells[2]!r} is not a number") from None
    if not math.isfinite(weight) or weight <= 0:
        raise Unreadable(f"{where}: the weight must be above 0; found {cells[2]}")
    if weight > MOST:
        raise Unreadable(f"{where}: the weight must be at most {MOST:g}; found {cells[2]}")
    return cells[0], cells[1], weight


def degrees(matrix: Sparse, axis: int) -> Floats:
    """How many entries each column (0) or row (1) has, whatever their weight."""
    return np.asarray((matrix > 0).sum(axis=axis), dtype=np.float64).ravel()
