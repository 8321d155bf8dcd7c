"""Plain files of everything a merchant owns, streamed into a folder or into one archive."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from quanzi.growth.exporting.tables import Table, readme

RISKY = "^[=+@\\-\\t\\r\\n＝＋－＠']"
"""As growth.importing.tables.cells has it: what a spreadsheet program may take for a formula."""

_BLOCK = 1 << 20


@dataclass(frozen=True)
class Report:
    tables: int
    rows: int
    pictures: int


class Place(Protocol):
    """Where files go."""

    @contextmanager
    def file(self, name: str) -> Iterator[IO[bytes]]: ...


class Folder:
    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def file(self, name: str) -> Iterator[IO[bytes]]:
        target = self._path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as out:
            yield out


class Archive:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    @contextmanager
    def file(self, name: str) -> Iterator[IO[bytes]]:
        with self._archive.open(name, "w", force_zip64=True) as out:
            yield out


def write(target: Path, chosen: list[Table], *, on_step: Callable[[], None]) -> Report:
    """Write the files; a target that ends in .zip becomes one archive, in its place only when it is whole.

    on_step is called after each table, and once after the pictures.
    """
    if target.suffix.lower() != ".zip":
        return _write(Folder(target), chosen, on_step)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as raw, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
            report = _write(Archive(archive), chosen, on_step)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return report


def _write(place: Place, chosen: list[Table], on_step: Callable[[], None]) -> Report:
    counts: dict[str, int] = {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for table in chosen:
            counts[table.name] = _write_table(place, table)
            on_step()
    pictures = _copy_pictures(place)
    on_step()
    with place.file("README.md") as out:
        out.writelines(part.encode() for part in readme(chosen))
    with place.file("contents.json") as out:
        out.write((json.dumps({"rows": counts, "pictures": pictures}, indent=2) + "\n").encode())
    return Report(len(chosen), sum(counts.values()), pictures)


def _write_table(place: Place, table: Table) -> int:
    """The database writes both files' text itself: one pass each, and no row in our memory."""
    name, key = sql.Identifier(table.table), sql.SQL(", ").join(map(sql.Identifier, table.key))
    plain = sql.SQL(", ").join(sql.Identifier(one.name) for one in table.columns)
    safe = sql.SQL(", ").join(_safe(one.name) if one.is_text else sql.Identifier(one.name) for one in table.columns)
    with place.file(f"tables/{table.name}.csv") as out:
        out.write(b"\xef\xbb\xbf")  # lets spreadsheet programs read Chinese
        rows = sql.SQL("SELECT {} FROM {} ORDER BY {}").format(safe, name, key)
        count = _copy(sql.SQL("COPY ({}) TO STDOUT WITH (FORMAT csv, HEADER)").format(rows), out.write)
    with place.file(f"tables/{table.name}.jsonl") as out:
        rows = sql.SQL("SELECT {} FROM {} ORDER BY {}").format(plain, name, key)
        for line in _json_lines(rows):
            out.write(line.encode() + b"\n")
    return count


def _safe(column: str) -> sql.Composed:
    """A text with an apostrophe in front where it would begin a formula."""
    return sql.SQL("CASE WHEN {0}::text ~ {1} THEN '''' || {0}::text ELSE {0}::text END AS {0}").format(
        sql.Identifier(column), sql.Literal(RISKY)
    )


def _json_lines(rows: sql.Composed) -> Iterator[str]:
    with connection.cursor() as cursor, cursor.connection.cursor(name="export") as reader:
        reader.itersize = 2_000
        reader.execute(sql.SQL("SELECT to_json(row_of_table)::text FROM ({}) AS row_of_table").format(rows))
        for (line,) in reader:
            yield line


def _copy(command: sql.Composed, write_bytes: Callable[[bytes], Any]) -> int:
    with connection.cursor() as cursor, cursor.connection.cursor() as plain:
        with plain.copy(command) as copy:
            for block in copy:
                write_bytes(bytes(block))
        return max(int(plain.rowcount), 0)


def _copy_pictures(place: Place) -> int:
    source, count = Path(settings.MEDIA_ROOT), 0
    for path in sorted(source.rglob("*")) if source.is_dir() else ():
        if path.is_file():
            with path.open("rb") as picture, place.file(f"media/{path.relative_to(source).as_posix()}") as out:
                while block := picture.read(_BLOCK):
                    out.write(block)
            count += 1
    return count
