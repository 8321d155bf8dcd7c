"""From a file to headings and rows of text: CSV in the encodings and with the separators that shops export, XLSX, tables of web pages."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from quanzi.growth.importing.tables import webpage, workbook
from quanzi.growth.importing.tables.cells import plain
from quanzi.growth.importing.tables.errors import (
    BrokenQuotes,
    EmptySheet,
    FormulaHere,
    NotASheet,
    NotReadableText,
    SameHeading,
    SheetTooLarge,
    TooManyColumns,
    TooManyRows,
)
from quanzi.kernel.errors import InvalidInput

MOST_ROWS = 1_000_000
MOST_COLUMNS = 200
MOST_WORKSHEETS = 20
SEPARATORS = ",;\t|"
_FIRST_ROWS = 10
"""Headings are looked for in so many rows."""
_AMOUNT_SIGNS = "¥￥$€£+-.="
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class Row:
    """One row as the sheet counts it, from 1 on, titles and headings included. Cells are trimmed text, as many as there are headings."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Headings and the rows below them, which can be walked again and again. Rows without any text are left out.

    worksheet: the one of the workbook's `worksheets` that this is; neither in other files.
    """

    headings: tuple[str, ...]
    file_name: str
    data: bytes
    most_rows: int
    heading_row: int = 1
    worksheet: str = ""
    worksheets: tuple[str, ...] = ()

    def rows(self) -> Iterator[Row]:
        """Raises TooManyRows, BrokenQuotes when the walk comes to it."""
        width = len(self.headings)
        for number, cells in _numbered(self.data, self.worksheet):
            if number <= self.heading_row or not any(cells):
                continue
            if number > self.most_rows + self.heading_row:
                raise TooManyRows(most=self.most_rows)
            yield Row(number, (*cells[:width], *("",) * (width - len(cells))))

    def sample(self, count: int = 3) -> list[Row]:
        """The first rows, for a page on which columns are chosen."""
        return [row for row, _ in zip(self.rows(), range(count), strict=False)]


def read(
    data: bytes, *, file_name: str, most_bytes: int, most_rows: int = MOST_ROWS, worksheet: str = "",
    likeness: Callable[[tuple[str, ...]], int] = lambda headings: 0,
) -> Table:  # fmt: skip
    """Look at the headings of a file. Raises an InvalidInput of `tables.errors` that says what to do about it.

    worksheet: which one of a workbook; without it the one whose headings are most like what is looked for, the first of several.
    """
    if len(data) > most_bytes:
        raise SheetTooLarge(most=most_bytes // 1_000_000)
    names = workbook.names(data) if _is_workbook(data) else ()
    found: list[Table] = []
    refusals: list[InvalidInput] = []
    for name in [worksheet] if worksheet in names else names[:MOST_WORKSHEETS] or [""]:
        try:
            found.append(_table(data, name, file_name, most_rows))
        except InvalidInput as refused:
            refusals.append(refused)
    if not found:
        raise refusals[0]
    return replace(max(found, key=lambda table: likeness(table.headings)), worksheets=names)


def _table(data: bytes, worksheet: str, file_name: str, most_rows: int) -> Table:
    number, cells = _heading_row([row for row, _ in zip(_numbered(data, worksheet), range(_FIRST_ROWS), strict=False)])
    table = Table(_headings(cells), file_name, data, most_rows, number, worksheet)
    if next(table.rows(), None) is None:
        raise EmptySheet()
    return table


def formula_in(cell: str) -> InvalidInput | None:
    """The refusal of a cell that is a formula: whatever it would show, nobody typed it."""
    return FormulaHere() if cell.startswith(workbook.FORMULA) else None


def _heading_row(first: list[tuple[int, tuple[str, ...]]]) -> tuple[int, tuple[str, ...]]:
    """The row of headings: below empty rows, a title, and names of groups that stand over several columns.

    A row gives way only to a later one of words alone that names at least twice as many columns.
    """
    filled = [(number, cells, sum(map(bool, cells))) for number, cells in first if any(cells)]
    if not filled:
        raise EmptySheet()
    found = filled[0]
    for row in filled[1:]:
        if row[2] >= 2 * found[2] and not any(map(_is_value, row[1])):
            found = row
    return found[0], found[1]


def _is_value(cell: str) -> bool:
    """Whether a cell holds an amount, a day or an address: headings are words."""
    return bool(cell) and (cell[0].isdigit() or cell[0] in _AMOUNT_SIGNS or "://" in cell)


def _headings(cells: tuple[str, ...]) -> tuple[str, ...]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    if len(cells) > MOST_COLUMNS:
        raise TooManyColumns(most=MOST_COLUMNS)
    named = [cell for cell in cells if cell]
    twice = next((cell for cell in named if named.count(cell) > 1), None)
    if twice is not None:
        raise SameHeading(heading=twice)
    return cells


def _is_workbook(data: bytes) -> bool:
    return data[:4] == b"PK\x03\x04"


def _numbered(data: bytes, worksheet: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Every row from 1 on."""
    if _is_workbook(data):
        return _tidied(workbook.rows(data, worksheet, MOST_COLUMNS))
    if data[:8] == OLD_EXCEL:
        raise NotASheet()
    text = decoded(data)
    if "\x00" in text:
        raise NotASheet()
    return _tidied(webpage.rows(text)) if webpage.is_one(text) else _csv(text)


def _tidied(rows: Iterable[tuple[str, ...]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    return enumerate((tuple(map(_tidy, cells)) for cells in rows), start=1)


def _csv(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text), strict=True)
    number = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as trouble:
            raise BrokenQuotes(row=number + 1) from trouble
        number += 1
        if len(cells) > MOST_COLUMNS:
            raise TooManyColumns(most=MOST_COLUMNS)
        yield number, tuple(map(_tidy, cells))


def _tidy(cell: str) -> str:
    return plain(cell.strip(" \u3000\u00a0")) if cell else ""


def decoded(data: bytes) -> str:
    """The text of a CSV file: UTF-16 and UTF-8 by their marks, else UTF-8, else GB18030 (which holds GBK)."""
    marks: Iterable[tuple[bytes, str]] = (
        (b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
    )  # fmt: skip
    ways = [name for mark, name in marks if data.startswith(mark)] or ["utf-8", "gb18030"]
    for way in ways:
        try:
            return data.decode(way)
        except UnicodeDecodeError:
            continue
    raise NotReadableText()


def separator_of(text: str) -> str:
    """Whichever separator stands most often in the first line that has one, outside quotes."""
    counts = dict.fromkeys(SEPARATORS, 0)
    is_quoted = False
    for letter in text:
        if letter == '"':
            is_quoted = not is_quoted
        elif not is_quoted and letter in "\r\n":
            if any(counts.values()):
                break
        elif not is_quoted and letter in counts:
            counts[letter] += 1
    return max(counts, key=lambda one: counts[one])
