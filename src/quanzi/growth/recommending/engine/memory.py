"""The most memory that this process held at once."""

from __future__ import annotations

import resource
import sys
from pathlib import Path


def restart_peak() -> None:
    """Forget the peak so far, where the system can (Linux); elsewhere a peak counts from the start of the process."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return


def peak_mb() -> float:
    """Peak of resident memory in MB (millions of bytes)."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        unit = 1 if sys.platform == "darwin" else 1024
        return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6, 1)
    return round(next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024 / 1e6, 1)
