"""Rows by statements that are put together once, and planned once for each connection.

The ORM builds its SQL anew for each save and each read, which costs more than the database's own work. Where the same
few statements are said all day, a room keeps them here: they take and give ordinary model objects, and do what
`save(force_insert=True)`, `save(update_fields=…)` and a filtered read do.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import CharField, Field, ForeignKey, IntegerField, JSONField, Model
from django.db.models.base import ModelState

from quanzi.base import planned


class Insert[M: Model]:
    """`Insert(Seat)(seat)` stores a new row and gives it its id.

    on_conflict: an ON CONFLICT clause; then the answer is False when the row was left out.
    """

    def __init__(self, model: type[M], on_conflict: str = "") -> None:
        self._model, self._on_conflict = model, on_conflict

    @cached_property
    def _fields(self) -> list[Field[Any, Any]]:
        return _written(self._model)

    @cached_property
    def _sql(self) -> str:
        meta = self._model._meta
        names = ", ".join(f'"{one.column}"' for one in self._fields)
        marks = ", ".join(["%s"] * len(self._fields))
        key = meta.pk.column
        return f'INSERT INTO "{meta.db_table}" ({names}) VALUES ({marks}) {self._on_conflict} RETURNING "{key}"'

    def __call__(self, row: M) -> bool:
        server = connections[DEFAULT_DB_ALIAS]  # each look at `connection` goes through a stand-in
        values = [one.get_db_prep_save(one.pre_save(row, True), server) for one in self._fields]
        found = planned.rows(self._sql, values)
        if not found:
            return False
        row.pk = found[0][0]
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
        return True


class InsertMany[M: Model]:
    """`InsertMany(Seat)(seats)` stores new rows in one statement, in their order, and gives them their ids."""

    def __init__(self, model: type[M]) -> None:
        self._model = model

    @cached_property
    def _fields(self) -> list[Field[Any, Any]]:
        return _written(self._model)

    @cached_property
    def _sql(self) -> str:
        meta = self._model._meta
        names = ", ".join(f'"{one.column}"' for one in self._fields)
        # A list of JSON travels as text; everything else as what it is.
        given = ", ".join("%s::text[]" if _is_json(one) else f"%s::{_type(one)}[]" for one in self._fields)
        cells = ", ".join(f'a."{one.column}"::{_type(one)}' for one in self._fields)
        return (
            f'INSERT INTO "{meta.db_table}" ({names}) SELECT {cells} FROM unnest({given}) WITH ORDINALITY '
            f'AS a({names}, "position of the row") ORDER BY "position of the row" RETURNING "{meta.pk.column}"'
        )

    def __call__(self, rows: Sequence[M]) -> None:
        if not rows:
            return
        columns = [_list(one, [getattr(row, one.attname) for row in rows]) for one in self._fields]
        for row, (key,) in zip(rows, planned.rows(self._sql, columns), strict=True):
            row.pk = key
            row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


class Update[M: Model]:
    """`Update(Seat, "state", "paid_at")(seat)` stores these fields of a row that is there."""

    def __init__(self, model: type[M], *names: str) -> None:
        self._model, self._names = model, names

    @cached_property
    def _fields(self) -> list[Field[Any, Any]]:
        return [self._model._meta.get_field(name) for name in self._names]  # type: ignore[misc]  # no relations from afar

    @cached_property
    def _sql(self) -> str:
        meta = self._model._meta
        changes = ", ".join(f'"{one.column}" = %s' for one in self._fields)
        key = meta.pk.column
        return f'UPDATE "{meta.db_table}" SET {changes} WHERE "{key}" = %s RETURNING "{key}"'

    def __call__(self, row: M) -> None:
        server = connections[DEFAULT_DB_ALIAS]
        values = [one.get_db_prep_save(getattr(row, one.attname), server) for one in self._fields]
        planned.rows(self._sql, [*values, row.pk])


class Select[M: Model]:
    """`Select(Order, "WHERE id = %s FOR UPDATE")([12])` reads whole rows. The table is called `t` in the clause."""

    def __init__(self, model: type[M], clause: str) -> None:
        self._model, self._clause = model, clause

    @cached_property
    def _fields(self) -> list[Field[Any, Any]]:
        return list(self._model._meta.concrete_fields)

    @cached_property
    def _names(self) -> list[str]:
        return [one.attname for one in self._fields]

    @cached_property
    def _sql(self) -> str:
        names = ", ".join(f't."{one.column}"' for one in self._fields)
        return f'SELECT {names} FROM "{self._model._meta.db_table}" t {self._clause}'

    @cached_property
    def _converters(self) -> list[tuple[int, Callable[[Any], Any]]]:
        """Columns that the driver leaves as text, JSON above all."""
        found: list[tuple[int, Callable[[Any], Any]]] = []
        for place, column in enumerate(one.get_col("t") for one in self._fields):
            for convert in [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]:
                found.append((place, partial(convert, expression=column, connection=connection)))
        return found

    def __call__(self, values: Sequence[Any] | Mapping[str, Any]) -> list[M]:
        return [self._made(row) for row in planned.rows(self._sql, values)]

    def first(self, values: Sequence[Any]) -> M | None:
        """The first of them; None when there is none."""
        return next(iter(self(values)), None)

    def _made(self, row: Iterable[Any]) -> M:
        cells = list(row)
        for place, convert in self._converters:
            cells[place] = convert(cells[place])
        return made(self._model, self._names, cells)


def made[M: Model](model: type[M], names: Iterable[str], cells: Iterable[Any]) -> M:
    """A row that is there as its model, as `from_db` makes it; it asks neither every field nor whoever listens to `init`."""
    row = model.__new__(model)
    row._state = state = ModelState()
    state.adding, state.db = False, DEFAULT_DB_ALIAS
    vars(row).update(zip(names, cells, strict=True))
    return row


def _written(model: type[Model]) -> list[Field[Any, Any]]:
    """The columns that a new row is given; the database makes the others."""
    return [one for one in model._meta.concrete_fields if not one.generated and one is not _own_id(model)]


def _own_id(model: type[Model]) -> Field[Any, Any] | None:
    """The number that the database gives a row; None for a key that is chosen."""
    key = model._meta.pk
    return key if key.db_returning and key.remote_field is None else None


def _is_json(field: Field[Any, Any]) -> bool:
    return isinstance(field, JSONField)


def _type(field: Field[Any, Any]) -> str:
    return str(field.cast_db_type(connection))


def _list(field: Field[Any, Any], values: list[Any]) -> str | list[Any]:
    """A column as the server reads a list. Whole numbers are written here: the driver looks at each of them twice."""
    if _is_json(field):
        return [None if value is None else json.dumps(value) for value in values]
    if isinstance(field, CharField):
        return [None if value is None else str(value) for value in values]
    if isinstance(field.target_field if isinstance(field, ForeignKey) else field, IntegerField):
        return "{" + ",".join(["NULL" if value is None else str(int(value)) for value in values]) + "}"
    return values
