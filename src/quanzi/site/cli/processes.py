"""Child processes that live and die together."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

from quanzi.site.database.errors import DatabaseRefused
from quanzi.site.parent import die_with_parent

STOP_SECONDS = 15.0
RESTARTS_IN_A_MINUTE = 5


def python_module(name: str, *arguments: str) -> list[str]:
    """The command that runs a module with this very Python."""
    return [sys.executable, "-m", name, *arguments]


@dataclass
class Child:
    """A process to keep running, started again when it ends by itself."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: list[float] = field(default_factory=list)

    def start(self) -> None:
        now = time.monotonic()
        self.started = [at for at in self.started if now - at < 60] + [now]
        # A session of its own: Ctrl-C reaches us alone, and we stop the children in order.
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            env=os.environ | {"QUANZI_DIES_WITH_PARENT": "1"},
            preexec_fn=die_with_parent(),
        )

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def fails_again_and_again(self) -> bool:
        now = time.monotonic()
        return sum(1 for at in self.started if now - at < 60) > RESTARTS_IN_A_MINUTE


class Household:
    """Runs children until told to stop, or until one of them cannot be kept alive."""

    def __init__(self, children: list[Child], *, keep_database: Callable[[], None]) -> None:
        """keep_database: called now and then; brings the database back when it was lost."""
        self.children = children
        self.keep_database = keep_database
        self._stop = threading.Event()

    @property
    def is_stopping(self) -> bool:
        return self._stop.is_set()

    def run(self, *, when_up: Callable[[], None]) -> None:
        """Start all, call when_up beside them, and wait. Raises SystemExit(1) when a child keeps failing."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        failed = ""
        try:
            for child in self.children:
                child.start()
            greeter = threading.Thread(target=when_up, name="greeter", daemon=True)
            greeter.start()
            while not self._stop.wait(0.2):
                failed = self._look_after()
                if failed:
                    break
        finally:
            self._stop.set()
            self._stop_all()
        if failed:
            print(f"{failed} ended again and again; see what it printed above.", file=sys.stderr)
            raise SystemExit(1)

    def _ask_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stop.set()

    def _look_after(self) -> str:
        """Start again what has ended; returns the name of a child that cannot be kept alive."""
        try:
            self.keep_database()
        except DatabaseRefused as refusal:
            print(refusal, file=sys.stderr)
            return "The database"
        for child in self.children:
            if child.has_ended():
                if child.fails_again_and_again():
                    return f"The {child.name} process"
                time.sleep(0.3)
                child.start()
        return ""

    def _stop_all(self) -> None:
        for child in self.children:
            _signal_group(child, signal.SIGTERM)
        until = time.monotonic() + STOP_SECONDS
        for child in self.children:
            if child.process is not None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(0.0, until - time.monotonic()))
            _signal_group(child, signal.SIGKILL)


def _signal_group(child: Child, number: signal.Signals) -> None:
    """TERM goes to the process, which stops its own helpers; KILL to all that is left of its group."""
    if child.process is None:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if number is signal.SIGKILL:
            os.killpg(child.process.pid, number)
        elif child.process.poll() is None:
            child.process.send_signal(number)
