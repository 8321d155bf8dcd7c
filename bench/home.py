"""Data folders of the benchmark, one for each scale, and a process that knows Django in one of them."""

from __future__ import annotations

import os
import shutil
from functools import cache
from pathlib import Path

from quanzi.site import home as folders

UNFENCED = dict.fromkeys(("QUANZI_API_MEMBER_CALLS", "QUANZI_API_VISITOR_CALLS"), "1000000000")
"""Fences against runaway programs are raised, or the load tool would measure refusals; counted is each call."""


@cache
def root() -> Path:
    """QUANZI_BENCH_HOME, or a folder beside the shop's own: asked once, since `enter` makes another folder the shop's own."""
    return Path(os.environ.get("QUANZI_BENCH_HOME", "") or folders.home() / "bench").resolve()


def folder(scale: float) -> Path:
    return root() / f"scale-{scale:g}"


def enter(scale: float, *, port: int) -> None:
    """Make this process work in that folder; before Django is loaded, and once."""
    enter_named(folder(scale).name, port=port)


def enter_named(name: str, *, port: int) -> None:
    """The same for a folder that belongs to no scale."""
    os.environ.update(UNFENCED)
    os.environ["QUANZI_HOME"] = str(root() / name)
    os.environ["QUANZI_PORT"] = str(port)
    from quanzi.site.cli.data import bring_up_to_date
    from quanzi.site.cli.shop import open_shop

    open_shop(migrated=False)
    bring_up_to_date()


def forget(scale: float) -> None:
    shutil.rmtree(folder(scale), ignore_errors=True)
