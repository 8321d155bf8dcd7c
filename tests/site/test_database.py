"""The embedded server: shared while somebody needs it, gone when nobody does, back after every kind of kill."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import psycopg
import pytest

from quanzi.site.database import address, folders
from quanzi.site.database.errors import DatabaseRefused
from quanzi.site.database.lease import attach
from quanzi.site.database.server import Server

USER = """
import sys
from pathlib import Path
from quanzi.site.database.lease import attach
lease = attach(Path(sys.argv[1]))
print("up", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that every account may reach (pytest's own folders are closed, and PostgreSQL does not run as root)."""
    folder = Path(tempfile.mkdtemp(prefix="qz-"))
    folder.chmod(0o755)
    yield folder
    for user in User.living:
        user.die()
    User.living.clear()
    wait_for(lambda: postmaster(folder) is None or not alive(postmaster(folder)), "the server to stop")
    shutil.rmtree(folder)


class User:
    """A process that needs the database."""

    living: ClassVar[list[User]] = []

    def __init__(self, home: Path) -> None:
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
        )
        self.living.append(self)
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == b"up\n"

    def leave(self) -> None:
        self.living.remove(self)
        self.process.communicate()

    def die(self) -> None:
        self.process.kill()
        self.process.communicate()


def postmaster(home: Path) -> int | None:
    try:
        return int((folders.cluster_folder(home) / "postmaster.pid").read_text().split()[0])
    except (FileNotFoundError, IndexError):
        return None


def supervisor(home: Path) -> int:
    return int((folders.control_folder(home) / "lock").read_text())


def alive(pid: int | None) -> bool:
    """A process that has ended but was not yet waited for is not alive."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def wait_for(condition: Callable[[], bool], what: str, seconds: float = 15) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"waited in vain for {what}"
        time.sleep(0.05)


def query(home: Path, statement: str) -> object:
    where = address.embedded(home)
    with psycopg.connect(dbname=where["NAME"], user=where["USER"], host=where["HOST"]) as connection:
        row = connection.execute(statement).fetchone() if statement.startswith("SELECT") else None
        if row is None:
            connection.execute(statement)
        return row[0] if row else None


def test_the_server_stops_when_its_last_user_leaves(home: Path) -> None:
    first, second = User(home), User(home)
    pid = postmaster(home)
    first.leave()
    time.sleep(1)
    assert alive(pid)
    second.leave()
    wait_for(lambda: not alive(pid), "the server to stop")


def test_two_commands_that_start_together_share_one_server(home: Path) -> None:
    command = [sys.executable, "-c", USER, str(home)]
    users = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(4)]
    for user in users:
        assert user.stdout is not None
        assert user.stdout.readline() == b"up\n"
    assert query(home, "SELECT count(*) FROM pg_database WHERE datname = 'quanzi'") == 1
    for user in users:
        user.communicate()
        assert user.returncode == 0


def test_a_killed_user_leaves_no_server_behind_and_the_next_start_finds_the_data(home: Path) -> None:
    user = User(home)
    query(home, "CREATE TABLE kept (n int)")
    query(home, "INSERT INTO kept VALUES (7)")
    pid = postmaster(home)
    User.living.remove(user)
    user.die()
    wait_for(lambda: not alive(pid), "the server to stop")
    user = User(home)
    assert query(home, "SELECT n FROM kept") == 7
    user.leave()


def test_a_killed_server_is_started_again_while_it_is_needed(home: Path) -> None:
    user = User(home)
    query(home, "CREATE TABLE kept (n int)")
    query(home, "INSERT INTO kept VALUES (7)")
    pid = postmaster(home)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)

    def is_back() -> bool:
        try:
            return query(home, "SELECT n FROM kept") == 7
        except psycopg.OperationalError:
            return False

    wait_for(is_back, "the server to come back", 30)
    assert postmaster(home) != pid
    user.leave()


def test_a_killed_supervisor_takes_the_server_with_it_and_the_next_user_starts_both(home: Path) -> None:
    user = User(home)
    pid = postmaster(home)
    os.kill(supervisor(home), signal.SIGKILL)
    wait_for(lambda: not alive(pid), "the server to stop")
    other = User(home)
    assert query(home, "SELECT 1") == 1
    user.leave()
    other.leave()


def test_only_the_shops_own_account_reaches_the_socket(home: Path) -> None:
    user = User(home)
    assert folders.socket_folder(home).stat().st_mode & 0o777 == 0o700
    assert folders.control_folder(home).stat().st_mode & 0o777 == 0o700
    assert query(home, "SELECT current_setting('listen_addresses')") == ""
    user.leave()


def test_chinese_words_are_letters_to_the_server(home: Path) -> None:
    user = User(home)
    query(home, "CREATE EXTENSION pg_trgm")
    assert query(home, "SELECT cardinality(show_trgm('水果')) > 0")
    user.leave()


def test_a_very_long_home_works_although_socket_addresses_are_short(home: Path) -> None:
    deep = home / ("a" * 60) / ("b" * 60)
    user = User(deep)
    assert query(deep, "SELECT 1") == 1
    user.leave()
    wait_for(lambda: postmaster(deep) is None, "the server to stop")
    for folder in (folders.socket_folder(deep), folders.control_folder(deep)):
        shutil.rmtree(folder)


def test_a_home_that_is_a_file_is_refused_in_plain_words(home: Path) -> None:
    (home / "file").write_text("")
    with pytest.raises(DatabaseRefused, match="Set QUANZI_HOME"):
        attach(home / "file")


def test_a_folder_with_foreign_files_is_refused_and_left_alone(home: Path) -> None:
    (home / "postgres").mkdir()
    (home / "postgres" / "letter.txt").write_text("mine")
    with pytest.raises(DatabaseRefused, match="not a database"):
        attach(home)
    assert (home / "postgres" / "letter.txt").read_text() == "mine"


def test_a_database_of_another_major_version_is_refused_with_the_way_out(home: Path) -> None:
    (home / "postgres").mkdir()
    (home / "postgres" / "PG_VERSION").write_text("12\n")
    with pytest.raises(DatabaseRefused, match=r"made by PostgreSQL 12(?s:.*)quanzi restore"):
        attach(home)


def test_a_server_of_somebody_else_in_the_folder_is_named(home: Path) -> None:
    """A process that looks like PostgreSQL, holds the folder and does not end on request."""
    user = User(home)
    user.leave()
    wait_for(lambda: postmaster(home) is None, "the server to stop")
    script = (
        "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"
    )
    other = subprocess.Popen(["postgres", "-c", script], executable=sys.executable, stdout=subprocess.PIPE)
    try:
        assert other.stdout is not None
        other.stdout.readline()
        (folders.cluster_folder(home) / "postmaster.pid").write_text(f"{other.pid}\n")
        with pytest.raises(DatabaseRefused, match=f"Another PostgreSQL .process {other.pid}"):
            Server(home).wait_for_predecessor(seconds=0.5)
    finally:
        other.kill()
        other.communicate()
        (folders.cluster_folder(home) / "postmaster.pid").unlink()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has folders that the server's account cannot reach")
def test_root_may_keep_its_shop_in_a_closed_folder(home: Path) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    user = User(closed / "shop")
    cluster = folders.cluster_folder(closed / "shop")
    assert folders.OUTSIDE in cluster.parents
    assert (closed / "shop" / "postgres").resolve() == cluster
    assert query(closed / "shop", "SELECT 1") == 1
    user.leave()
    wait_for(lambda: postmaster(closed / "shop") is None, "the server to stop")
    shutil.rmtree(cluster.parent)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://u:p%40ss@db.example:6543/shop", ("shop", "u", "p@ss", "db.example", "6543")),
        ("postgres:///shop?host=/run/postgresql", ("shop", "", "", "/run/postgresql", "")),
        ("postgresql://u@[::1]/shop", ("shop", "u", "", "::1", "")),
    ],
)
def test_database_url_is_read_whole(url: str, expected: tuple[str, ...]) -> None:
    where = address.parse_url(url)
    assert tuple(where[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")) == expected


def test_database_url_keeps_its_options() -> None:
    assert address.parse_url("postgresql://h/shop?sslmode=require")["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize("url", ["mysql://h/shop", "postgresql://h", "shop"])
def test_a_database_url_that_cannot_be_used_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="DATABASE_URL"):
        address.parse_url(url)
