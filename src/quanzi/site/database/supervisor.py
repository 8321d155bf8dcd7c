"""The process that owns the embedded server, shared by every quanzi command of one home folder.

A command that needs the database connects to the supervisor's socket and keeps that connection open for as long
as it lives; the first one starts the supervisor. The system closes the connection however the command ends, so
that a killed command needs no cleaning up. When the last one has gone, the server is stopped. When the server
dies, it is started again; when the supervisor dies, the server ends with it.

Run as `python -m quanzi.site.database.supervisor HOME [--not-durable]`.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import selectors
import signal
import socket
import sys
import time
from pathlib import Path
from types import FrameType
from typing import IO

from quanzi.site.database import folders
from quanzi.site.database.errors import DatabaseRefused
from quanzi.site.database.server import Server

NOBODY_CAME_SECONDS = 15.0
LINGER_SECONDS = 0.5
RESTARTS_IN_A_MINUTE = 5
SOCKET_NAME = "supervisor.sock"


class Supervisor:
    """Owns the lock, the control socket, the server, and the connections of those who use it."""

    def __init__(self, home: Path, *, durable: bool) -> None:
        self.home = home
        self.durable = durable
        self.server: Server | None = None
        self.is_ready = False
        self.wants_to_stop = False
        self.users: set[socket.socket] = set()
        self.alone_since = 0.0
        self.restarts: list[float] = []
        self.selector = selectors.DefaultSelector()

    def run(self) -> int:
        """Serve until nobody needs the database. Returns the exit code."""
        control = folders.control_folder(self.home)
        folders.make_private(control, None)
        with (control / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return 0  # another supervisor is at work
            return self._serve(control / SOCKET_NAME, lock)

    def _serve(self, path: Path, lock: IO[str]) -> int:
        path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(path))
        path.chmod(0o600)
        listener.listen(128)
        listener.setblocking(False)
        # From here on callers can reach us; the one who started us need not wait, nor clear us away when we end.
        if os.fork():
            os._exit(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        self.alone_since = time.monotonic() + NOBODY_CAME_SECONDS - LINGER_SECONDS
        self.selector.register(listener, selectors.EVENT_READ)
        try:
            self.server = Server(self.home, durable=self.durable)
            self.server.start()
            while not self._is_finished():
                for key, _ in self.selector.select(timeout=0.02 if not self.is_ready else 0.2):
                    self._meet(listener) if key.fileobj is listener else self._part(key.fileobj)
                self._watch_server()
        except DatabaseRefused as refusal:
            self._refuse_all(listener, str(refusal))
            return 1
        finally:
            # First nobody new can come, then the server closes: who comes now starts a supervisor of his own.
            path.unlink(missing_ok=True)
            listener.close()
            if self.server is not None:
                self.server.stop()
        return 0

    def _is_finished(self) -> bool:
        return self.wants_to_stop or (not self.users and time.monotonic() - self.alone_since > LINGER_SECONDS)

    def _meet(self, listener: socket.socket) -> None:
        user, _ = listener.accept()
        self.users.add(user)
        self.selector.register(user, selectors.EVENT_READ)
        if self.is_ready:
            _tell(user, {"ready": True})

    def _part(self, user: object) -> None:
        """A user never speaks; that its connection became readable means that it has gone."""
        assert isinstance(user, socket.socket)
        self.selector.unregister(user)
        self.users.discard(user)
        user.close()
        self.alone_since = time.monotonic()

    def _watch_server(self) -> None:
        assert self.server is not None
        if self.is_ready and self.server.has_ended():
            self._restart()
        if not self.is_ready and self.server.is_ready():
            self.is_ready = True
            for user in self.users:
                _tell(user, {"ready": True})

    def _restart(self) -> None:
        now = time.monotonic()
        self.restarts = [at for at in self.restarts if now - at < 60] + [now]
        if len(self.restarts) > RESTARTS_IN_A_MINUTE:
            raise DatabaseRefused("PostgreSQL ended again and again; see log/postgres.log in the data folder.")
        assert self.server is not None
        self.is_ready = False
        # The children of a killed server let go of its shared memory a moment after it.
        time.sleep(0.5)
        self.server.start()

    def _refuse_all(self, listener: socket.socket, reason: str) -> None:
        """Tell everybody who waits, also those who are just coming, why there is no database."""
        until = time.monotonic() + 1.0
        while time.monotonic() < until:
            with contextlib.suppress(BlockingIOError):
                self.users.add(listener.accept()[0])
            for user in self.users:
                _tell(user, {"error": reason})
                user.close()
            self.users.clear()
            time.sleep(0.02)


def _tell(user: socket.socket, message: dict[str, object]) -> None:
    with contextlib.suppress(OSError):
        user.sendall(json.dumps(message).encode() + b"\n")


def main(arguments: list[str]) -> int:
    supervisor = Supervisor(Path(arguments[0]), durable="--not-durable" not in arguments)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        supervisor.wants_to_stop = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        return supervisor.run()
    except DatabaseRefused as refusal:
        print(refusal, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
