"""Static files, copied with a fingerprint in their names when they changed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect_changed() -> bool:
    """Collect the static files unless they are as they were; returns whether it was needed."""
    marker = Path(settings.STATIC_ROOT) / ".fingerprint"
    now = _fingerprint()
    if marker.exists() and marker.read_text() == now:
        return False
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    marker.write_text(now)
    return True


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = os.stat(storage.path(name))
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
