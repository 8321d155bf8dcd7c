"""The shop's secret key: made on the first start, kept in its home folder, readable by its owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from quanzi.site import home as folders


def read_or_make(home: Path) -> str:
    """Return the key in HOME/secret_key; the first of several starting processes makes it for all."""
    path = home / "secret_key"
    try:
        return _read(path)
    except FileNotFoundError:
        folders.make(home)
    draft = home / f".secret_key.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(64))
    try:
        os.link(draft, path)  # fails when another process was faster, so that all read the same key
    except FileExistsError:
        return _read(path)
    finally:
        draft.unlink()
    return _read(path)


def _read(path: Path) -> str:
    key = path.read_text().strip()
    if len(key) < 32:
        raise ValueError(f"{path} does not hold a key. Delete it to have a new one made; members sign in again then.")
    return key
