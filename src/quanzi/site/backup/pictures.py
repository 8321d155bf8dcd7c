"""Pictures beside the copies of the database. They never change once they are written, so each is copied once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from quanzi.site.database.archiving import Choice


def keep(where: Choice) -> int:
    """Copy pictures that are not kept yet; returns how many those were."""
    return _copy_new(Path(settings.MEDIA_ROOT), where.media)


def bring_back(kept: Path, *, on_step: Callable[[], None] = lambda: None) -> int:
    """Put back every kept picture that the shop lacks; one more than a moment knew does no harm."""
    return _copy_new(kept, Path(settings.MEDIA_ROOT), on_step)


def _copy_new(source: Path, target: Path, on_step: Callable[[], None] = lambda: None) -> int:
    copied = 0
    for path in sorted(source.rglob("*")) if source.is_dir() else []:
        there = target / path.relative_to(source)
        if not path.is_file() or there.exists():
            continue
        there.parent.mkdir(parents=True, exist_ok=True)
        part = there.with_name(f".{there.name}.part")
        shutil.copy2(path, part)
        os.replace(part, there)
        copied += 1
        on_step()
    return copied
