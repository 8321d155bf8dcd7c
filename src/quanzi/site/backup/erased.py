"""Members who were erased after a copy was made are erased again when the copy comes back.

The list lies beside the database (`erased.jsonl`), and beside the copies that are kept, so that it outlives both.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from quanzi.growth.erasing import tombstones
from quanzi.growth.erasing.again import erase_again
from quanzi.kernel import clock
from quanzi.site.database.archiving import Choice


def keep(where: Choice) -> None:
    """Lay the list beside the copies, when the shop has one."""
    if tombstones.path().is_file():
        part = where.folder / f".{tombstones.FILE}.part"
        shutil.copyfile(tombstones.path(), part)
        part.chmod(0o600)
        part.replace(where.folder / tombstones.FILE)


def fetch(folder: Path) -> None:
    """Take over what the list beside the copies knows and the shop's own does not, as in a folder that is new."""
    known = set(tombstones.read())
    tombstones.add([stone for stone in tombstones.read(folder / tombstones.FILE) if stone not in known])


def erase_since() -> str:
    """Erase them again; says so, or nothing when there is nobody."""
    done = erase_again(now=clock.now())
    return f"{done} member(s) who were erased after this copy was made are erased again.\n" if done else ""
