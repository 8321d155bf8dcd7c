"""`quanzi run` as a newcomer meets it: a real process, a folder of its own, a free port."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

SECONDS = 60
SHOPS: list[subprocess.Popen[bytes]] = []


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="qz-run-"))
    folder.chmod(0o755)
    yield folder
    for shop in SHOPS:
        shop.kill()
        shop.wait()
    SHOPS.clear()
    wait_for(lambda: not processes_of(folder), "everything to stop")
    shutil.rmtree(folder)


def free_ports() -> int:
    """A port whose neighbour is free too: the simulated payment service stands there."""
    for port in range(20000 + os.getpid() % 10000, 40000, 2):
        with socket.socket() as one, socket.socket() as two:
            try:
                one.bind(("127.0.0.1", port))
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
    raise AssertionError("no free port")


def start(home: Path, port: int) -> subprocess.Popen[bytes]:
    inherited = ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "DATABASE_URL")
    environment = {name: os.environ[name] for name in inherited if name in os.environ}
    environment |= {"QUANZI_HOME": str(home), "QUANZI_PORT": str(port)}
    log = (home / "run.log").open("ab")
    with log:
        shop = subprocess.Popen(
            [sys.executable, "-m", "quanzi", "run", "--no-demo", "--workers", "1"],
            env=environment,
            stdout=log,
            stderr=log,
        )
    SHOPS.append(shop)
    return shop


def health(port: int) -> dict[str, Any] | None:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return json.loads(answer.read())  # type: ignore[no-any-return]
    except urllib.error.HTTPError as answer:
        with answer:
            return json.loads(answer.read())  # type: ignore[no-any-return]
    except (OSError, ValueError):
        return None


def is_well(port: int) -> bool:
    parts = health(port)
    return parts is not None and parts["status"] == "ok"


def processes_of(home: Path) -> list[str]:
    """Living processes that name the folder, on their command line or in their surroundings."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
        except OSError:
            continue
        if os.fsencode(home) in words and int(entry.name) != os.getpid():
            found.append(words.split(b"\0")[0].decode(errors="replace"))
    return found


def wait_for(condition: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < until, f"waited in vain for {what}"
        time.sleep(0.1)


def test_the_shop_opens_recovers_and_closes(home: Path) -> None:
    port = free_ports()
    shop = start(home, port)
    wait_for(lambda: is_well(port) or shop.poll() is not None, "the shop to open")
    said = (home / "run.log").read_text()
    assert shop.poll() is None, said
    wait_for(lambda: f"http://127.0.0.1:{port}/" in (home / "run.log").read_text(), "the address to be printed")

    # A second one on the same port is refused, and the first one goes on.
    second = start(home, port)
    assert second.wait(SECONDS) == 2
    assert is_well(port)

    # Killed without a chance to say goodbye, it leaves nothing behind and starts again.
    shop.kill()
    shop.wait()
    wait_for(lambda: not processes_of(home), "the orphans to stop")
    shop = start(home, port)
    wait_for(lambda: is_well(port) or shop.poll() is not None, "the shop to open again")

    shop.send_signal(signal.SIGTERM)
    assert shop.wait(SECONDS) == 0
    wait_for(lambda: not processes_of(home), "everything to stop")
    assert "Traceback" not in (home / "run.log").read_text()
