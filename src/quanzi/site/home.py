"""The one folder that holds everything a shop must keep: database, pictures, secret key.

This module knows nothing of Django, so that the database supervisor starts in a moment.
"""

from __future__ import annotations

import os
from pathlib import Path

DEFAULT_PORT = 8000


def clone_root() -> Path | None:
    """The folder of the source tree, or None when quanzi was installed as a package."""
    root = Path(__file__).resolve().parents[3]
    return root if (root / "pyproject.toml").is_file() and (root / "src" / "quanzi").is_dir() else None


def home() -> Path:
    """QUANZI_HOME when set; else `var` in the clone; else a folder of the user's own."""
    named = os.environ.get("QUANZI_HOME", "").strip()
    if named:
        return Path(named).expanduser().absolute()
    root = clone_root()
    if root is not None:
        return root / "var"
    data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(data).expanduser() / "quanzi"


def make(folder: Path) -> None:
    """Make the home folder. Raises ValueError, in words for a person, when that is not possible."""
    try:
        if not folder.exists():
            folder.mkdir(parents=True, exist_ok=True)
            # Others on the machine may pass through, as the database's account must, but see no list of what is here.
            folder.chmod(0o711)
        (folder / "log").mkdir(mode=0o700, exist_ok=True)
    except (PermissionError, FileExistsError, NotADirectoryError) as trouble:
        raise ValueError(f"The data folder {folder} cannot be used: {trouble.strerror}. Set QUANZI_HOME.") from None


def port() -> int:
    """QUANZI_PORT, or 8000. Raises ValueError when it is not a port number."""
    text = os.environ.get("QUANZI_PORT", "").strip() or str(DEFAULT_PORT)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise ValueError(f"QUANZI_PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)
