"""One file that holds a whole shop: a dump of the database, the pictures, the secret key."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import ProgrammingError, connection

from quanzi.kernel.clock import now as clock_now
from quanzi.kernel.errors import DomainError
from quanzi.kernel.words import N_
from quanzi.site.database import address
from quanzi.site.database.binaries import bin_dir

FORMAT = 1
DUMP = "database.dump"
LEAVING_TRIES, LEAVING_SECONDS = 5, 0.2


class NotABackup(DomainError):
    code = "not_a_backup"
    message = N_("{file} is not a backup of quanzi, or it is damaged: {why}")


class DumpFailed(DomainError):
    code = "dump_failed"
    message = N_("{program} failed, nothing was changed: {why}")


def picture_count() -> int:
    return sum(1 for _ in _pictures())


def holds_members() -> bool:
    """Whether anybody has signed up in this shop; an empty database has no table of members."""
    with connection.cursor() as cursor:
        try:
            cursor.execute("SELECT EXISTS (SELECT FROM accounts_member)")
        except ProgrammingError:
            return False
        row = cursor.fetchone()
    return bool(row and row[0])


def is_in_use() -> bool:
    """Whether another process speaks to this database: a shop that is running does all the time. Who is just leaving is waited for."""
    for _ in range(LEAVING_TRIES):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name <> %s"
                " AND backend_type = 'client backend')",
                [address.PROCESS],
            )
            row = cursor.fetchone()
        if not (row and row[0]):
            return False
        time.sleep(LEAVING_SECONDS)
    return True


def save(file: Path, *, on_step: Callable[[], None]) -> None:
    """Write the archive beside its place first, so that an interrupted backup never looks like a good one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as raw, tarfile.open(fileobj=raw, mode="w") as tar:
            _add(tar, "manifest.json", json.dumps({"format": FORMAT, "made_at": clock_now().isoformat()}).encode())
            with tempfile.TemporaryDirectory(dir=file.parent) as folder:
                dump = Path(folder) / DUMP
                _dump(dump)
                tar.add(dump, DUMP)
            on_step()
            _add(tar, "secret_key", settings.SECRET_KEY.encode())
            for path in _pictures():
                tar.add(path, "media/" + path.relative_to(settings.MEDIA_ROOT).as_posix())
                on_step()
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def bring_back(file: Path, *, on_step: Callable[[], None]) -> None:
    """Replace the shop by the archive's. Raises NotABackup or DumpFailed, and then the database is unchanged."""
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.QUANZI_HOME) as name:
        folder = Path(name)
        _unpack(file, folder)
        _load(folder / DUMP)
        on_step()
        media = Path(settings.MEDIA_ROOT)
        if (folder / "media").is_dir():
            shutil.rmtree(media, ignore_errors=True)
            (folder / "media").replace(media)
        _restore_key(folder / "secret_key")
        on_step()


def _unpack(file: Path, folder: Path) -> None:
    try:
        with tarfile.open(file) as tar:
            tar.extractall(folder, filter="data")
        manifest = json.loads((folder / "manifest.json").read_text())
        if manifest["format"] != FORMAT or not (folder / DUMP).is_file():
            raise NotABackup(file=file, why=f"format {manifest['format']}")
    except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError, KeyError) as trouble:
        raise NotABackup(file=file, why=trouble) from trouble


def _restore_key(path: Path) -> None:
    if os.environ.get("SECRET_KEY") or not path.is_file():
        return
    path.chmod(0o600)
    path.replace(Path(settings.QUANZI_HOME) / "secret_key")


def _dump(target: Path) -> None:
    _run([_program("pg_dump"), "--format=custom", "--no-owner", "--no-acl", f"--file={target}"])


def _load(dump: Path) -> None:
    """Empty the database and fill it again in one transaction: whoever looks sees the old shop or the new one."""
    connection.close()
    with tempfile.TemporaryFile() as script:
        script.write(b"SET lock_timeout = '30s';\nDROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\n")
        script.flush()
        _run([_program("pg_restore"), "--no-owner", "--no-acl", "--file=-", str(dump)], output=script)
        script.seek(0)
        quiet = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction"]
        _run([_program("psql"), *quiet], words=script)


def _program(name: str) -> str:
    """Our own program, or for a database of the merchant's the one on the machine, which fits its version."""
    installed = shutil.which(name) if address.external_url() else None
    return installed or str(bin_dir() / name)


def _run(command: list[str], *, words: IO[bytes] | None = None, output: IO[bytes] | None = None) -> None:
    done = subprocess.run(
        command,
        stdin=words or subprocess.DEVNULL,
        stdout=output or subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=os.environ | _connection_variables(),
        check=False,
    )
    if done.returncode != 0:
        why = done.stderr.decode(errors="replace").strip().splitlines()
        raise DumpFailed(program=Path(command[0]).name, why="\n".join(why[-5:]))


def _connection_variables() -> dict[str, str]:
    """Where the database is, told in the environment: a password on a command line can be seen by others."""
    where = settings.DATABASES["default"]
    names = {"PGDATABASE": "NAME", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGHOST": "HOST", "PGPORT": "PORT"}
    told = {variable: str(where[key]) for variable, key in names.items() if where.get(key)}
    if mode := where.get("OPTIONS", {}).get("sslmode"):
        told["PGSSLMODE"] = str(mode)
    return told


def _pictures() -> list[Path]:
    folder = Path(settings.MEDIA_ROOT)
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    entry.mode = 0o600
    tar.addfile(entry, io.BytesIO(content))
