"""Pictures in plain rows: what a page needs to draw one, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from quanzi.base.media import files

SHOWN = (
    "CASE WHEN {m}.id IS NOT NULL THEN json_build_array({m}.sha256, {m}.width, {m}.height, {m}.alt, {m}.purpose) END"
)
"""A column of a statement that joins `media_picture` as {m}; `shown` reads it. JSON, since Django leaves JSONB as text."""


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture to draw; the names are those of `media.models.Picture`."""

    sha256: str
    width: int
    height: int
    alt: str
    purpose: str

    def url(self, width: int = 640) -> str:
        """As `Picture.url`."""
        return files.url_of(self, width)


def shown(column: Sequence[Any] | None) -> ShownPicture | None:
    """The picture of a column made by SHOWN; None without one."""
    return ShownPicture(*column) if column else None
