"""Ending together with the process that started us, however that one ends (Linux; elsewhere nothing happens)."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def die_with_parent(wish: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """A preexec_fn: the child is sent the signal when the thread that started it ends.

    Everything that takes a lock (loading the library) happens here, before the fork.
    """
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    parent = os.getpid()

    def setup() -> None:
        if libc is not None:
            libc.prctl(_PR_SET_PDEATHSIG, wish, 0, 0, 0)
            if os.getppid() != parent:  # it ended between the fork and now
                os._exit(1)

    return setup


def promise_now() -> None:
    """The same for a process that is running already: the web server's workers, whose parent we do not write."""
    if sys.platform == "linux" and os.environ.get("QUANZI_DIES_WITH_PARENT") == "1":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
