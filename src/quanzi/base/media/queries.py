"""Pictures for pages that draw many: read by statements that are planned once, and made into `Picture` row by row."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from quanzi.base import planned, rows
from quanzi.base.media.models import Picture

NAMES = [field.attname for field in Picture._meta.concrete_fields]


def columns(joined_as: str) -> str:
    """What a statement that joins `media_picture` selects for `picture_of`."""
    return ", ".join(f"{joined_as}.{name}" for name in NAMES)


SOME = f"SELECT {columns('m')} FROM media_picture m WHERE m.id = ANY(%(ids)s::bigint[])"


def picture_of(row: Sequence[Any]) -> Picture | None:
    """The picture of `columns`; None where an outer join found none."""
    return rows.made(Picture, NAMES, row) if row[0] is not None else None


def picture_in(row: Sequence[Any]) -> Picture:
    """The same out of JSON, where times are text."""
    read = [planned.moment(value) if name == "created_at" else value for name, value in zip(NAMES, row, strict=True)]
    return rows.made(Picture, NAMES, read)


def pictures(ids: Collection[int]) -> dict[int, Picture]:
    """Those that are there, by id."""
    found = planned.rows(SOME, {"ids": list(ids)}) if ids else []
    return {row[0]: picture for row in found if (picture := picture_of(row))}
