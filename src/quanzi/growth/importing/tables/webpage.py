"""A table of a web page: what many shops' back offices save as “.xls”."""

from __future__ import annotations

from html.parser import HTMLParser

_CELLS = ("td", "th")
_BEGINNINGS = ("<html", "<!doctype html", "<table", "<meta", "<head", "<body", "<style")


def is_one(text: str) -> bool:
    """Whether a file that is called a sheet is a web page."""
    return text[:200].lstrip("\ufeff \t\r\n").lower().startswith(_BEGINNINGS)


def rows(text: str) -> list[tuple[str, ...]]:
    """The rows of the first table that has several; empty when there is none."""
    page = _Page()
    page.feed(text)
    page.close()
    return next((found for found in page.tables if len(found) > 1), next(iter(page.tables), []))


class _Page(HTMLParser):
    """Tables as they are closed. A cell over several columns stands in the first of them, as in a workbook."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[tuple[str, ...]]] = []
        self._row: list[str] = []
        self._cell: list[str] | None = None
        self._more_columns = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self._end_row()
        elif tag in _CELLS:
            self._end_cell()
            wide = dict(attrs).get("colspan") or ""
            self._cell, self._more_columns = [], min(int(wide) - 1, 100) if wide.isdecimal() and int(wide) else 0
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _CELLS:
            self._end_cell()
        elif tag in ("tr", "table"):
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def close(self) -> None:
        super().close()
        self._end_row()

    def _end_cell(self) -> None:
        if self._cell is not None:
            self._row += ["".join(self._cell).strip(), *("",) * self._more_columns]
        self._cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._row and self.tables:
            self.tables[-1].append(tuple(self._row))
        self._row = []
