"""Copies of the whole database, made while the shop runs, and how long they are kept."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection

from quanzi.kernel import clock
from quanzi.site.backup import erased, pictures
from quanzi.site.backup.errors import CopyFailed, FolderNotReached, NotEmbedded, NotKept
from quanzi.site.database import address, archiving, folders
from quanzi.site.database.archiving import Choice
from quanzi.site.database.binaries import bin_dir

FACTS = "copy.json"
KEPT_AT_LEAST = 2
"""So many copies stay whatever their age: one that turns out to be broken has another behind it."""


@dataclass(frozen=True)
class Copy:
    """first_piece: the oldest piece of the log that it needs; from `finished_at` on, any moment can be reached."""

    folder: Path
    finished_at: datetime
    first_piece: str
    size: int


def start(*, folder: Path, days: int) -> Choice:
    """Keep the past from now on. Raises NotEmbedded, FolderNotReached. A first copy is still to be made."""
    if address.external_url():
        raise NotEmbedded()
    chosen = Choice(folder.absolute(), days)
    who = folders.account()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    if who is not None:  # the server's account passes through, and sees no list of what is here
        chosen.folder.chmod(chosen.folder.stat().st_mode | 0o011)
    folders.make_private(chosen.wal, who)
    for mine in (chosen.base, chosen.media):
        folders.make_private(mine, None)
    if who is not None and not folders.may_reach(chosen.wal, who):
        raise FolderNotReached(account=who.name, folder=chosen.folder)
    archiving.choose(home(), chosen)
    _tell_server()
    return chosen


def stop() -> None:
    """Let the past go from now on; what is kept stays where it is."""
    chosen()
    archiving.choose(home(), None)
    _tell_server()


def home() -> Path:
    return Path(settings.QUANZI_HOME)


def chosen() -> Choice:
    """Raises NotEmbedded, NotKept."""
    if address.external_url():
        raise NotEmbedded()
    found = archiving.choice(home())
    if found is None:
        raise NotKept()
    return found


def _tell_server() -> None:
    archiving.write_conf(home(), folders.cluster_folder(home()))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_reload_conf()")


def make(*, now: datetime, on_bytes: Callable[[int, int], None] = lambda done, total: None) -> Copy:
    """Copy the database and the new pictures; the shop goes on running. on_bytes(done, total): how far it is.

    Raises NotKept, CopyFailed. A copy that was interrupted is never taken for one.
    """
    where = chosen()
    name = f"{now:%Y%m%dT%H%M%SZ}"
    draft, target = where.base / f".{name}", where.base / name
    shutil.rmtree(draft, ignore_errors=True)
    try:
        _run_basebackup(draft, on_bytes)
        pictures.keep(where)
        erased.keep(where)
        key = draft / "secret_key"
        key.write_text(settings.SECRET_KEY)
        key.chmod(0o600)
        facts = {"finished_at": clock.now().isoformat(), "first_piece": _first_piece(draft)}
        (draft / FACTS).write_text(json.dumps(facts))
        draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_switch_wal()")  # what came while it was made is kept at once, too
    return _read(target)


def _run_basebackup(target: Path, on_bytes: Callable[[int, int], None]) -> None:
    database = settings.DATABASES["default"]
    command = [
        str(bin_dir() / "pg_basebackup"),
        *("-h", str(database["HOST"]), "-U", str(database["USER"]), "-D", str(target)),
        *("--format=tar", "--compress=gzip:1", "--wal-method=stream", "--checkpoint=fast"),
        *("--manifest-checksums=SHA256", "--label=quanzi", "--no-password"),
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(pg_database_size(oid)) FROM pg_database")
        total = int(cursor.fetchone()[0])
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        while True:
            try:
                _, said = process.communicate(timeout=0.5)
                break
            except subprocess.TimeoutExpired:
                on_bytes(_size(target), total)
    if process.returncode:
        raise CopyFailed(why=said.decode(errors="replace").strip()[-500:])


def _first_piece(draft: Path) -> str:
    """The name of the log's piece in which the copy begins, from its manifest."""
    ranges = json.loads((draft / "backup_manifest").read_text())["WAL-Ranges"][0]
    high, low = (int(part, 16) for part in ranges["Start-LSN"].split("/"))
    return f"{ranges['Timeline']:08X}{high:08X}{low >> 24:08X}"


def all_of(where: Choice) -> list[Copy]:
    """Every finished copy, oldest first."""
    return [_read(path.parent) for path in sorted(where.base.glob(f"[0-9]*/{FACTS}"))]


def _read(folder: Path) -> Copy:
    facts = json.loads((folder / FACTS).read_text())
    return Copy(folder, datetime.fromisoformat(facts["finished_at"]), facts["first_piece"], _size(folder))


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def clear_away(*, now: datetime) -> int:
    """Take away copies that no moment within the chosen days needs, and the log before them; returns how many copies."""
    where = chosen()
    there = all_of(where)
    edge = now - timedelta(days=where.days)
    # The newest copy from before the edge stays: moments just after the edge are reached from it.
    before = [copy for copy in there if copy.finished_at <= edge][:-1]
    gone = before[: max(0, len(there) - KEPT_AT_LEAST)]
    for copy in gone:
        shutil.rmtree(copy.folder)
    kept = [copy for copy in there if copy not in gone]
    if kept:
        for piece in where.wal.iterdir():
            if is_piece(piece) and _place(piece.name) < _place(kept[0].first_piece):
                piece.unlink()
    return len(gone)


def is_piece(path: Path) -> bool:
    """A kept piece of the log, not a note about timelines or copies."""
    return path.suffix == ".gz" and len(path.stem) == 24


def _place(name: str) -> str:
    """Its place in the log, whatever the timeline."""
    return name[8:24]


def pieces(where: Choice) -> list[str]:
    """Names of the kept pieces in their order. Only who may enter the server's folder sees them."""
    return sorted(path.stem for path in where.wal.iterdir() if is_piece(path)) if os.access(where.wal, os.X_OK) else []
