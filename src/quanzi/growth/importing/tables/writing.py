"""From headings and rows to a file that opens well in spreadsheet programs and cannot do anything there."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from quanzi.growth.importing.tables.cells import safe


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """CSV in UTF-8 with the mark by which spreadsheet programs recognise it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([safe(cell) for cell in headings])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_xlsx(headings: Sequence[str], rows: Iterable[Sequence[str]], *, title: str) -> bytes:
    """A workbook with one sheet; every cell is text."""
    # Dear to load, and most processes write no workbook.
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell

    def written(text: str) -> WriteOnlyCell:
        cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", safe(text)))
        cell.data_type = "s"
        return cell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for row in (headings, *rows):
        sheet.append([written(text) for text in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
