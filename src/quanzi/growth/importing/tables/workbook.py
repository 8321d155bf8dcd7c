"""XLSX: opened only after every part of it was unpacked once, with a limit, and looked at."""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any
from xml.etree.ElementTree import ParseError

from quanzi.growth.importing.tables.errors import HostileWorkbook, NotASheet

MOST_PARTS = 2_000
MOST_UNPACKED = 400_000_000
"""Bytes over all parts: a sheet of half a million rows and eight columns unpacks to about 180 MB."""
MOST_RATIO = 200
"""A part above a megabyte that unpacks to more than this many times its size was made to do harm."""

FORMULA = "\x1bformula:"
"""How a formula is handed on: it begins with a character that no sheet can hold."""

_BLOCK = 1 << 20
_DECLARATIONS = (b"<!doctype", b"<!entity")


def names(data: bytes) -> tuple[str, ...]:
    """What the sheets are called that a person sees. Raises NotASheet, HostileWorkbook."""
    inspect(data)
    with _open(data) as book:
        return tuple(sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible")


def rows(data: bytes, name: str, most_columns: int) -> Iterator[tuple[str, ...]]:
    """The rows of one sheet as text; formulas are marked, never worked out. Raises NotASheet, HostileWorkbook."""
    inspect(data)
    with _open(data) as book:
        sheet = book[name]
        sheet.reset_dimensions()
        for cells in sheet.iter_rows(max_col=most_columns + 1):
            yield tuple(_text(cell) for cell in cells)


@contextmanager
def _open(data: bytes) -> Iterator[Any]:
    """The workbook, of bytes that were inspected; whatever it fails with is NotASheet."""
    import openpyxl  # dear to load, and most processes read no workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts that we do not read: styles, validations
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
            try:
                yield book
            finally:
                book.close()
    except (KeyError, IndexError, ValueError, TypeError, AttributeError, OSError, ParseError, zlib.error) as trouble:
        raise NotASheet() from trouble
    except zipfile.BadZipFile as trouble:
        raise NotASheet() from trouble


def inspect(data: bytes) -> None:
    """Unpack every part once without keeping it. Sizes that the archive states are not believed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or any(part.flag_bits & 1 for part in parts):
                raise HostileWorkbook()
            left = MOST_UNPACKED
            for part in parts:
                left -= _unpack(archive, part, left)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError) as trouble:
        raise NotASheet() from trouble


def _unpack(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    """Bytes in this part. Document types are refused too: no sheet has one, and entities can grow without end."""
    size, tail = 0, b""
    with archive.open(part) as stream:
        while block := stream.read(_BLOCK):
            size += len(block)
            if size > left or (size > _BLOCK and size > MOST_RATIO * max(part.compress_size, 1)):
                raise HostileWorkbook()
            seen = (tail + block).replace(b"\x00", b"").lower()
            if part.filename.endswith((".xml", ".rels")) and any(word in seen for word in _DECLARATIONS):
                raise HostileWorkbook()
            tail = block[-20:]
    return size


def _text(cell: Any) -> str:
    """A cell as a person reads it: whole numbers without a dot, moments in ISO form."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return FORMULA + str(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(round(value, 10))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
