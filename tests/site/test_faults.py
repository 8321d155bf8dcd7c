"""What happens to the machine under a shop: the server is killed under load, the disk is full, the clock jumps."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from quanzi.base import doctor
from quanzi.base.ledger.queries import settle_deferred
from quanzi.kernel import clock
from quanzi.site.database import address, folders
from quanzi.site.database.lease import attach
from quanzi.site.database.supervisor import SOCKET_NAME
from quanzi.trade.deals import services as deals
from quanzi.trade.sales import services as sales
from tests.factories.deals import make_deal, open_team
from tests.factories.trade import make_buyer, make_order, pay

WRITERS = 4
FILL = "INSERT INTO told SELECT %s, string_agg(md5(random()::text), '') FROM generate_series(1, 3000)"


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="qz-fault-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def connect(home: Path) -> psycopg.Connection[tuple[int]]:
    where = address.embedded(home)
    return psycopg.connect(dbname=where["NAME"], user=where["USER"], host=where["HOST"], autocommit=True)


def postmaster(home: Path) -> int:
    return int((folders.cluster_folder(home) / "postmaster.pid").read_text().split()[0])


@contextlib.contextmanager
def server(home: Path) -> Iterator[None]:
    """A server while the block lasts; it is gone afterwards, so that its folder may be taken away."""
    lease = attach(home)
    try:
        yield
    finally:
        lease.release()
        until = time.monotonic() + 120
        while (folders.control_folder(home) / SOCKET_NAME).exists() and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(1)


def test_a_server_killed_under_load_comes_back_by_itself_with_every_acknowledged_commit(home: Path) -> None:
    with server(home):
        acknowledged, kept = kill_twice_under_load(home)
    assert len(acknowledged) > 100
    assert set(acknowledged) <= kept


def connect_again(home: Path) -> psycopg.Connection[tuple[object, ...]]:
    """As soon as the server is there again."""
    until = time.monotonic() + 120
    while True:
        try:
            return connect(home)
        except psycopg.OperationalError:
            assert time.monotonic() < until, "the server did not come back"
            time.sleep(0.05)


def kill_twice_under_load(home: Path) -> tuple[list[tuple[int, int]], set[tuple[int, int]]]:
    """What was acknowledged to the writers, and what the server holds in the end."""
    with connect(home) as there:
        there.execute("CREATE TABLE told (writer int, n int)")
    acknowledged: list[tuple[int, int]] = []
    stop = threading.Event()

    def write(writer: int) -> None:
        n = 0
        while not stop.is_set():
            with contextlib.suppress(psycopg.OperationalError), connect(home) as there:
                while not stop.is_set():
                    n += 1
                    there.execute("INSERT INTO told VALUES (%s, %s)", [writer, n])
                    acknowledged.append((writer, n))
            time.sleep(0.05)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for _ in range(2):
        time.sleep(0.7)
        os.kill(postmaster(home), signal.SIGKILL)
        connect_again(home).close()
        before, until = len(acknowledged), time.monotonic() + 120
        while len(acknowledged) < before + 50:
            assert time.monotonic() < until, "nobody could write again"
            time.sleep(0.05)
    stop.set()
    for thread in threads:
        thread.join()
    with connect(home) as there:
        kept = set(there.execute("SELECT writer, n FROM told").fetchall())
    return acknowledged, kept


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A home on a disk of 256 MB. Only root may make one."""
    folder = Path(tempfile.mkdtemp(prefix="qz-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256m,mode=755", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        folder.rmdir()
        pytest.skip("a disk that is full needs the right to mount one")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=False)
    with contextlib.suppress(OSError):
        folder.rmdir()


def test_a_full_disk_refuses_and_loses_nothing_and_space_is_all_it_needs(small_disk: Path) -> None:
    with server(small_disk):
        fill_and_empty(small_disk)


def fill_and_empty(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    with connect(small_disk) as there:
        there.execute("CREATE TABLE told (n int, filling text)")
        there.execute("INSERT INTO told VALUES (0, '')")
    free = shutil.disk_usage(small_disk).free
    ballast.write_bytes(bytes(max(0, free - 6_000_000)))
    acknowledged = 0
    with pytest.raises(psycopg.Error), connect(small_disk) as there:
        while acknowledged < 1_000:
            there.execute(FILL, [acknowledged + 1])
            acknowledged += 1
    ballast.unlink()
    until = time.monotonic() + 60
    while True:
        with contextlib.suppress(psycopg.Error), connect(small_disk) as there:
            there.execute("INSERT INTO told VALUES (-1, '')")
            kept = {row[0] for row in there.execute("SELECT n FROM told").fetchall()}
            break
        assert time.monotonic() < until, "space did not help"
        time.sleep(0.2)
    assert set(range(acknowledged + 1)) <= kept


@pytest.mark.django_db
@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(days=1)])
def test_a_clock_that_jumps_ends_nothing_early_and_nothing_twice(jump: timedelta) -> None:
    start = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)
    with clock.frozen(start) as time_:
        deal = make_deal(team_size=3, window_minutes=60, now=start)
        team, order = open_team(deal, make_buyer(now=start), now=start)
        pay(order, now=start)
        waiting = make_order(now=start)
        time_.move(-jump)  # a node whose clock is behind
        assert deals.fail_due(clock.now()) == 0
        assert sales.expire_unpaid(now=clock.now()) == 0
        time_.move(jump)
        assert deals.fail_due(clock.now()) == 0
        assert sales.expire_unpaid(now=clock.now()) == 0
        time_.move(jump + timedelta(minutes=1))  # one that is ahead
        assert deals.fail_due(clock.now()) == 1
        assert sales.expire_unpaid(now=clock.now()) == 1
        time_.move(-jump)  # and is set right
        assert deals.fail_due(clock.now()) == 0
        assert sales.expire_unpaid(now=clock.now()) == 0
        team.refresh_from_db()
        waiting.refresh_from_db()
        order.refresh_from_db()
        assert (team.state, order.state, waiting.state) == ("failed", "refunded", "cancelled")
        settle_deferred()
        assert not [
            one.id for one in doctor.run(only=["G1", "G2", "L1", "L2", "O1.orders", "R1", "S1"]) if not one.is_well
        ]
