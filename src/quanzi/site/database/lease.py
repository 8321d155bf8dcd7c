"""Having the embedded server up while this process lives."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from pathlib import Path

from quanzi.site.database import address, folders
from quanzi.site.database.errors import DatabaseRefused
from quanzi.site.database.supervisor import SOCKET_NAME

# A server that was killed reads its log before it is ready; a large shop may take a while.
WAIT_SECONDS = 180.0


class Lease:
    """A claim on the running server; it holds until released, or until this process ends in any way."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def is_lost(self) -> bool:
        """Whether the supervisor has gone, and the server with it."""
        self._connection.setblocking(False)
        try:
            return self._connection.recv(4096) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def release(self) -> None:
        self._connection.close()


_leases: dict[Path, Lease] = {}


def hold(home: Path, *, durable: bool = True) -> None:
    """Have a database for as long as this process lives; nothing to do when DATABASE_URL names one.

    Raises DatabaseRefused when the embedded server cannot be had.
    """
    if address.external_url() is None and (home not in _leases or _leases[home].is_lost()):
        _leases[home] = attach(home, durable=durable)


def attach(home: Path, *, durable: bool = True) -> Lease:
    """Share the running server of this home, or start one. Raises DatabaseRefused."""
    folders.make_home(home)
    try:
        path = folders.control_folder(home) / SOCKET_NAME
        return _attach(home, path, durable=durable)
    except PermissionError as trouble:
        raise DatabaseRefused(
            f"The data folder {home} belongs to another user ({trouble.filename}: {trouble.strerror}).\n"
            "Run quanzi as that user, or set QUANZI_HOME to a folder of your own."
        ) from None


def _attach(home: Path, path: Path, *, durable: bool) -> Lease:
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        connection = _connect(path)
        if connection is None:
            _start(home, durable=durable)
            time.sleep(0.02)
            continue
        answer = _listen(connection, until)
        if answer.get("ready"):
            return Lease(connection)
        connection.close()
        if "error" in answer:
            raise DatabaseRefused(str(answer["error"]))
        time.sleep(0.05)  # the supervisor was just leaving
    raise DatabaseRefused(f"PostgreSQL was not ready after {WAIT_SECONDS:.0f} s; see {home / 'log' / 'postgres.log'}.")


def _connect(path: Path) -> socket.socket | None:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(str(path))
    except (FileNotFoundError, ConnectionRefusedError):
        connection.close()
        return None
    except BaseException:
        connection.close()
        raise
    return connection


def _listen(connection: socket.socket, until: float) -> dict[str, object]:
    """The supervisor's one line; empty when it left without a word."""
    connection.settimeout(max(0.1, until - time.monotonic()))
    heard = b""
    try:
        while not heard.endswith(b"\n"):
            part = connection.recv(65536)
            if not part:
                return {}
            heard += part
    except (TimeoutError, ConnectionResetError):
        return {}
    answer: dict[str, object] = json.loads(heard)
    return answer


def _start(home: Path, *, durable: bool) -> None:
    """Start a supervisor; it goes its own way as soon as it listens. Another may have been faster: that is well too."""
    log = home / "log" / "supervisor.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "quanzi.site.database.supervisor", str(home)]
    if not durable:
        command.append("--not-durable")
    with log.open("wb") as file:
        # A session of its own: Ctrl-C in the terminal stops the command, and the server only after it.
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=file, stderr=file, cwd="/", start_new_session=True, check=False
        )
    if done.returncode != 0:
        raise DatabaseRefused(f"The database could not be started.\n{log.read_text(errors='replace').strip()}")
