"""Columns that came after the statements of this folder were written take what their models say of a new row."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection, models


@contextmanager
def of_the_models(cursor: Any) -> Iterator[None]:
    """While it lasts the database fills in the constants that Django would; a column with a default of its own keeps it."""
    cursor.execute(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' AND column_default IS NULL"
    )
    bare = set(cursor.fetchall())
    given = [(table, column, value) for table, column, value in _constants() if (table, column) in bare]
    for table, column, value in given:
        cursor.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" SET DEFAULT {_literal(value)}')
    yield
    for table, column, _ in given:
        cursor.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" DROP DEFAULT')


def _constants() -> Iterator[tuple[str, str, Any]]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.null or field.primary_key or field.is_relation:
                continue
            value = field.default() if field.default in (dict, list) else field.default
            if field.has_default() and not callable(value):
                yield model._meta.db_table, field.column, value
            elif isinstance(field, models.CharField | models.TextField) and field.blank:
                yield model._meta.db_table, field.column, ""


def _literal(value: Any) -> str:
    from psycopg import sql

    said = json.dumps(value) if isinstance(value, dict | list) else value
    return sql.Literal(said if not isinstance(said, str) else str(said)).as_string(connection.connection)
