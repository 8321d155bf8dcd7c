"""Plain files of everything a merchant owns: a table is one CSV and one JSON file, with the same columns.

Works from the models themselves, so that a table added tomorrow is exported tomorrow.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from psycopg import sql

# What lets its holder in must not lie about in plain files.
_SECRET = re.compile(r"password|secret|(^|_)token|session_key|(^|_)code_hash")
_SKIPPED_TABLES = {"jobs", "sessions"}


@dataclass(frozen=True)
class Table:
    """One table to write: its file name, its name in the database, the columns that may leave the house."""

    name: str
    table: str
    columns: tuple[str, ...]
    key: str


@dataclass(frozen=True)
class Report:
    tables: int
    rows: int
    pictures: int


def tables() -> list[Table]:
    """The tables of our own rooms, by floor."""
    ours = [config for config in apps.get_app_configs() if config.name.startswith("quanzi.")]
    found = [model for config in ours if config.label not in _SKIPPED_TABLES for model in config.get_models(True)]
    return [_table(model) for model in found if model._meta.managed and not model._meta.proxy]


def _table(model: type[models.Model]) -> Table:
    meta = model._meta
    columns = [str(field.column) for field in meta.concrete_fields if not _SECRET.search(str(field.column))]
    assert meta.pk is not None
    return Table(f"{meta.app_label}.{meta.model_name}", meta.db_table, tuple(columns), str(meta.pk.column))


def write(target: Path, chosen: list[Table], *, on_step: Callable[[], None]) -> Report:
    """Write the files; a target that ends in .zip becomes one archive. All tables are seen at the same moment."""
    if target.suffix.lower() != ".zip":
        return _write_folder(target, chosen, on_step)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".export-", dir=target.parent) as draft:
        report = _write_folder(Path(draft) / "export", chosen, on_step)
        packed = Path(draft) / "export.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted((Path(draft) / "export").rglob("*")):
                archive.write(path, path.relative_to(Path(draft) / "export"))
        packed.replace(target)
    return report


def _write_folder(folder: Path, chosen: list[Table], on_step: Callable[[], None]) -> Report:
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    counts: dict[str, int] = {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for table in chosen:
            counts[table.name] = _write_table(folder / "tables", table)
            on_step()
    pictures = _copy_pictures(folder / "media")
    on_step()
    (folder / "contents.json").write_text(json.dumps({"rows": counts, "pictures": pictures}, indent=2) + "\n")
    return Report(len(chosen), sum(counts.values()), pictures)


def _write_table(folder: Path, table: Table) -> int:
    """The database writes both files' text itself: one pass each, and no row in our memory."""
    rows = sql.SQL("SELECT {} FROM {} ORDER BY {}").format(
        sql.SQL(", ").join(map(sql.Identifier, table.columns)), sql.Identifier(table.table), sql.Identifier(table.key)
    )
    with (folder / f"{table.name}.csv").open("wb") as file:
        # The mark at the start lets spreadsheet programs read Chinese.
        file.write(b"\xef\xbb\xbf")
        count = _copy(sql.SQL("COPY ({}) TO STDOUT WITH (FORMAT csv, HEADER)").format(rows), file.write)
    with (folder / f"{table.name}.json").open("w", encoding="utf-8") as text:
        _write_json(rows, text)
    return count


def _write_json(rows: sql.Composed, file: IO[str]) -> None:
    file.write("[")
    separator = "\n"
    with connection.cursor() as cursor, cursor.connection.cursor(name="export") as reader:
        reader.execute(sql.SQL("SELECT to_json(row_of_table)::text FROM ({}) AS row_of_table").format(rows))
        for (line,) in reader:
            file.write(separator + line)
            separator = ",\n"
    file.write("\n]\n")


def _copy(command: sql.Composed, write_bytes: Callable[[bytes], Any]) -> int:
    with connection.cursor() as cursor, cursor.connection.cursor() as plain:
        with plain.copy(command) as copy:
            for block in copy:
                write_bytes(bytes(block))
        return max(int(plain.rowcount), 0)


def _copy_pictures(folder: Path) -> int:
    source = Path(settings.MEDIA_ROOT)
    if not source.is_dir():
        return 0
    shutil.copytree(source, folder, dirs_exist_ok=True)
    return sum(1 for path in folder.rglob("*") if path.is_file())
