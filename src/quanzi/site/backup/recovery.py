"""Bringing a moment back: the last copy before it, and the log from there up to it."""

from __future__ import annotations

import fcntl
import os
import shutil
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from quanzi.kernel.clock import local
from quanzi.site.backup import copies
from quanzi.site.backup.copies import Copy
from quanzi.site.backup.errors import LaterThanKept, NoSuchMoment, ShopIsRunning
from quanzi.site.database import address, folders
from quanzi.site.database.archiving import Choice
from quanzi.site.database.errors import DatabaseRefused
from quanzi.site.database.server import Server

LOG = "kept-log"
RECOVERY = "recovery.signal"
SETTINGS = "postgresql.auto.conf"

Step = Callable[[str], None]


def bring_back(*, where: Choice, home: Path, moment: datetime | None, on_step: Step = lambda note: None) -> Path | None:
    """Make the database of this home what it was at a moment (None: the newest that is kept).

    What was there before is moved aside, and its folder returned. Raises NoSuchMoment, LaterThanKept, ShopIsRunning;
    then everything is as it was.
    """
    copy = _copy_before(where, moment)
    folders.make_home(home)
    with _nobody_else(home):
        data = folders.cluster_folder(home)
        draft = data.with_name("postgres.restored")
        shutil.rmtree(draft, ignore_errors=True)
        on_step("unpacking the copy")
        _unpack(copy, draft)
        _fetch_log(where, copy, draft)
        _ask_for(moment, draft)
        _give_away(draft)
        before = _set_aside(data)
        draft.rename(data)
        if data != home / "postgres" and not (home / "postgres").is_symlink():
            (home / "postgres").symlink_to(data)
        on_step("reading the log")
        try:
            _replay(home)
        except DatabaseRefused as refusal:
            _undo(data, before)
            raise LaterThanKept(moment=_words(moment), why=str(refusal)[-600:]) from refusal
        shutil.rmtree(data / LOG)
        _bring_key(copy, home)
    return before


def _copy_before(where: Choice, moment: datetime | None) -> Copy:
    there = copies.all_of(where)
    fit = [copy for copy in there if moment is None or copy.finished_at <= moment]
    if not fit:
        raise NoSuchMoment(moment=_words(moment), oldest=_words(there[0].finished_at if there else None))
    return fit[-1]


def _words(moment: datetime | None) -> str:
    """On the site's clock, as it was typed."""
    return f"{local(moment):%Y-%m-%d %H:%M:%S}" if moment else "-"


@contextmanager
def _nobody_else(home: Path) -> Iterator[None]:
    """Hold the supervisor's lock: no server runs here, and none is started meanwhile."""
    control = folders.control_folder(home)
    folders.make_private(control, None)
    with (control / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ShopIsRunning() from None
        yield


def _unpack(copy: Copy, target: Path) -> None:
    target.mkdir(mode=0o700, parents=True)
    for name, folder in (("base.tar.gz", target), ("pg_wal.tar.gz", target / "pg_wal")):
        with tarfile.open(copy.folder / name) as tar:
            tar.extractall(folder, filter="tar")  # nosec B202  # nothing outside the folder; a copy of our own


def _fetch_log(where: Choice, copy: Copy, data: Path) -> None:
    """Beside the data, so that the server's account can read it wherever the kept log lies."""
    (data / LOG).mkdir(mode=0o700)
    for piece in where.wal.iterdir():
        is_needed = not copies.is_piece(piece) or piece.stem[8:] >= copy.first_piece[8:]
        if piece.suffix == ".gz" and is_needed:
            shutil.copy2(piece, data / LOG / piece.name)


def _ask_for(moment: datetime | None, data: Path) -> None:
    """Up to the moment, the last transaction before it included; then open for writing."""
    fetch = f'test -f {LOG}/%f.gz && gzip -dc {LOG}/%f.gz > "%p"'
    lines = [f"restore_command = {_quoted(fetch)}", "recovery_target_timeline = 'latest'"]
    if moment is not None:
        lines.append(f"recovery_target_time = '{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}+00'")
        lines += ["recovery_target_inclusive = true", "recovery_target_action = 'promote'"]
    (data / SETTINGS).write_text("\n".join(lines) + "\n")
    (data / RECOVERY).touch()


def _quoted(command: str) -> str:
    return "'" + command.replace("'", "''") + "'"


def _give_away(data: Path) -> None:
    who = folders.account()
    if who is None:
        return
    for root, _, names in os.walk(data):
        for path in (root, *(os.path.join(root, name) for name in names)):
            os.chown(path, who.uid, who.gid, follow_symlinks=False)


def _set_aside(data: Path) -> Path | None:
    if not data.exists():
        return None
    aside = data.with_name(f"postgres.before-{time.strftime('%Y%m%dT%H%M%S')}")
    data.rename(aside)
    return aside


def _undo(data: Path, before: Path | None) -> None:
    shutil.rmtree(data)
    if before is not None:
        before.rename(data)


def _replay(home: Path) -> None:
    """Let the server read the log and open; then stop it. Raises DatabaseRefused when it gives up."""
    server = Server(home)
    server.start()
    try:
        while not (server.is_ready() and _is_open(home)):
            time.sleep(0.1)
    finally:
        server.stop()
    (server.data / SETTINGS).write_text("")


def _is_open(home: Path) -> bool:
    """Whether the server writes again. Its own word, since one that is stopped between reading the log and opening
    would read on at its next start, past the moment; the checkpoint makes sure of it."""
    where = address.embedded(home)
    try:
        with psycopg.connect(dbname="postgres", user=where["USER"], host=where["HOST"], autocommit=True) as there:
            row = there.execute("SELECT pg_is_in_recovery()").fetchone()
            if row is None or row[0]:
                return False
            there.execute("CHECKPOINT")
            return True
    except psycopg.OperationalError:
        return False


def _bring_key(copy: Copy, home: Path) -> None:
    """Sessions and codes signed with the old key stay good."""
    target = home / "secret_key"
    if os.environ.get("SECRET_KEY") or not (copy.folder / "secret_key").is_file():
        return
    shutil.copyfile(copy.folder / "secret_key", target)
    target.chmod(0o600)
