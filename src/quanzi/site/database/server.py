"""One PostgreSQL server: make its cluster, start it, stop it."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from quanzi.site.database import address, archiving, folders, tuning
from quanzi.site.database.binaries import bin_dir_for
from quanzi.site.database.errors import DatabaseRefused
from quanzi.site.parent import die_with_parent

STOP_SECONDS = 30
BIGGEST_LOG = 5_000_000
LOCALE = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8", "--encoding=UTF8")


class Server:
    """The server of one home folder. Not thread-safe: the thread that starts it must outlive it."""

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        """durable=False trades safety on power loss for speed: for tests only."""
        self.home = home
        self.durable = durable
        self.account = folders.account()
        self.data = folders.cluster_folder(home)
        self.sockets = folders.socket_folder(home)
        self.programs = bin_dir_for(self.account)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server, making its cluster the first time; returns at once, see is_ready()."""
        self._make_cluster()
        self._check_version()
        self.wait_for_predecessor()
        folders.make_private(self.sockets, self.account)
        self._write_access_rules()
        archiving.write_conf(self.home, self.data)
        options = tuning.options(durable=self.durable)
        command = [self._program("postgres"), "-D", str(self.data)]
        for name, value in {**options, "unix_socket_directories": str(self.sockets)}.items():
            command += ["-c", f"{name}={value}"]
        with self._log() as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                preexec_fn=self._child_setup(),
            )

    def is_ready(self) -> bool:
        """Whether the server takes connections; raises DatabaseRefused when it has ended instead."""
        if self.process is None or self.process.poll() is not None:
            raise DatabaseRefused(
                f"PostgreSQL did not start. Its last words, from {self.log_path}:\n{self._last_words()}"
            )
        return self._status() == "ready" and self._postmaster_pid() == self.process.pid

    def has_ended(self) -> bool:
        """Whether a server that was started is gone."""
        return self.process is not None and self.process.poll() is not None

    def stop(self) -> None:
        """Close all connections, write everything to disk, end. Waits for it."""
        if self.process is None or self.process.poll() is not None:
            return
        for wish in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            self.process.send_signal(wish)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_SECONDS)
                return

    @property
    def log_path(self) -> Path:
        return self.home / "log" / "postgres.log"

    def _program(self, name: str) -> str:
        return str(self.programs / name)

    def _log(self) -> BinaryIO:
        self.log_path.parent.mkdir(parents=True, exist_ok=True)
        if self.log_path.exists() and self.log_path.stat().st_size > BIGGEST_LOG:
            self.log_path.replace(self.log_path.with_suffix(".old.log"))
        return self.log_path.open("ab")

    def _last_words(self) -> str:
        lines = self.log_path.read_text(errors="replace").splitlines()
        return "\n".join(lines[-8:])

    def _make_cluster(self) -> None:
        """Make an empty cluster with our database in it; a half-made one from an interrupted try is removed."""
        is_ours = self.data.parent == self.home or (self.home / "postgres").is_symlink()
        if (self.data / "PG_VERSION").exists() and is_ours:
            return
        if is_ours and self.data.exists() and any(self.data.iterdir()):
            raise DatabaseRefused(
                f"{self.data} holds files that are not a database. Move them away, or set QUANZI_HOME."
            )
        draft = self.data.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        if folders.OUTSIDE in draft.parents:
            draft.parent.mkdir(parents=True, exist_ok=True)
            folders.OUTSIDE.chmod(0o755)
            draft.parent.chmod(0o711)
        folders.make_private(draft, self.account)
        self._run("initdb", "-D", str(draft), "-U", address.USER, "--auth=peer", "--no-sync", *LOCALE)
        self._run(
            "postgres", "--single", "-F", "-D", str(draft), "postgres", words=f"CREATE DATABASE {address.NAME};\n"
        )
        if self.data.exists():
            # Empty; or, outside the home, what is left of a home that somebody deleted: kept, but out of the way.
            self.data.rename(self.data.with_name(f"postgres.left-{time.time_ns()}"))
        draft.rename(self.data)
        os.sync()
        if self.data != self.home / "postgres":
            (self.home / "postgres").symlink_to(self.data)

    def _run(self, program: str, *arguments: str, words: str = "") -> None:
        done = subprocess.run(
            [self._program(program), *arguments],
            input=words.encode(),
            capture_output=True,
            cwd="/",
            preexec_fn=self._child_setup(),
            check=False,
        )
        if done.returncode != 0:
            raise DatabaseRefused(f"{program} failed:\n{done.stderr.decode(errors='replace').strip()}")

    def _check_version(self) -> None:
        have = (self.data / "PG_VERSION").read_text().strip()
        text = subprocess.run([self._program("postgres"), "--version"], capture_output=True, check=True).stdout.decode()
        ours = text.split()[-1].split(".")[0]
        if have != ours:
            raise DatabaseRefused(
                f"The database in {self.data} was made by PostgreSQL {have}; this quanzi brings PostgreSQL {ours}.\n"
                f"With the quanzi that made it: quanzi backup shop.backup; then, with this one and a new QUANZI_HOME: "
                f"quanzi restore shop.backup"
            )

    def wait_for_predecessor(self, seconds: float = 20) -> None:
        """A server whose supervisor was killed is still closing; give it time, then say who is in the way."""
        until = time.monotonic() + seconds
        while (pid := self._postmaster_pid()) is not None and _is_postgres(pid):
            if time.monotonic() > until:
                raise DatabaseRefused(
                    f"Another PostgreSQL (process {pid}) is running in {self.data} and does not end.\n"
                    f"Stop it (kill -INT {pid}), or set QUANZI_HOME to another folder."
                )
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGINT)
            time.sleep(0.1)

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, PermissionError):
            return []

    def _postmaster_pid(self) -> int | None:
        lines = self._pid_file()
        return int(lines[0]) if lines and lines[0].strip().isdigit() else None

    def _status(self) -> str:
        lines = self._pid_file()
        return lines[7].strip() if len(lines) > 7 else ""

    def _write_access_rules(self) -> None:
        """Only the account that runs quanzi may connect, through the socket, without a password."""
        us = pwd.getpwuid(os.geteuid()).pw_name
        for name, text in {
            "pg_hba.conf": "local all all peer map=quanzi\nlocal replication all peer map=quanzi\n",
            "pg_ident.conf": f'quanzi "{us}" {address.USER}\n',
        }.items():
            path = self.data / name
            if path.read_text() != text:
                path.write_text(text)

    def _child_setup(self) -> Callable[[], None]:
        """What the child does before it becomes PostgreSQL: step down from root, promise to end with us."""
        account = self.account
        promise = die_with_parent(signal.SIGINT)

        def setup() -> None:
            os.umask(0o077)
            if account is not None:
                os.setgroups([])
                os.setgid(account.gid)
                os.setuid(account.uid)
            promise()  # after setuid, which would clear it

        return setup


def _is_postgres(pid: int) -> bool:
    """Whether a process of that number lives and, where it can be seen, is PostgreSQL."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return True
    return b"postgres" in command.split(b"\0", 1)[0]
