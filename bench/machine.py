"""The shop as a process: starting it as a merchant does, and the processor time it and its database take."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from bench.home import UNFENCED
from quanzi.site.database import address, folders

READY_SECONDS, REST_WITHIN_SECONDS, LOOK_SECONDS = 90.0, 300.0, 3.0
RESTS_BELOW = 0.1
"""Of one processor."""
TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def running(folder: Path, *, port: int, workers: int) -> Iterator[int]:
    """`quanzi run` in this data folder with production settings; gives its process id and ends it afterwards."""
    environment = {**os.environ, **UNFENCED, "QUANZI_HOME": str(folder), "QUANZI_PORT": str(port)}
    command = [sys.executable, "-m", "quanzi", "run", "--no-demo", "--port", str(port), "--workers", str(workers)]
    with open(folder / "bench-run.log", "w", encoding="utf-8") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        try:
            _await(port, process, folder)
            yield process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


@contextmanager
def writing(folder: Path, *, a_second: float) -> Iterator[None]:
    """Somebody writes so often meanwhile, each time a transaction of its own; nothing that a page shows."""
    done = threading.Event()
    writer = threading.Thread(target=_write, args=(folder, a_second, done))
    if a_second:
        writer.start()
    try:
        yield
    finally:
        done.set()
        if a_second:
            writer.join()


def _write(folder: Path, a_second: float, done: threading.Event) -> None:
    where = address.embedded(folder)
    with psycopg.connect(host=where["HOST"], user=where["USER"], dbname=where["NAME"], autocommit=True) as connection:
        while not done.wait(1 / a_second):
            connection.execute("SELECT pg_current_xact_id()")


def _await(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"The shop did not open; see {folder / 'bench-run.log'}.")


def cpu_seconds(pid: int, folder: Path) -> float:
    """Processor time so far of the shop with all its children, and of its embedded database."""
    parents = _parents()
    roots = {pid, *_postmaster(folder)}
    return sum(_spent(one) for one in parents if _is_below(one, roots, parents))


def come_to_rest(pid: int, folder: Path) -> float:
    """Wait until the shop does nothing by itself any more: opened after hours it first does what fell due. The seconds it took."""
    began = time.monotonic()
    while time.monotonic() < began + REST_WITHIN_SECONDS:
        before = cpu_seconds(pid, folder)
        time.sleep(LOOK_SECONDS)
        if cpu_seconds(pid, folder) - before < RESTS_BELOW * LOOK_SECONDS:
            break
    return time.monotonic() - began


def _postmaster(folder: Path) -> set[int]:
    try:
        return {int((folders.cluster_folder(folder) / "postmaster.pid").read_text().split()[0])}
    except OSError:
        return set()


def _parents() -> dict[int, int]:
    found = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                found[int(entry)] = int(Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    return found


def _is_below(pid: int, roots: set[int], parents: dict[int, int]) -> bool:
    while pid in parents:
        if pid in roots:
            return True
        pid = parents[pid]
    return False


def _spent(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS
