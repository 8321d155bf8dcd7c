"""`quanzi run` as a process of its own, with the demo, on free ports."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

UP_SECONDS = 600


@dataclass(frozen=True)
class Shop:
    """`quanzi run`, with the demo or empty: web server, worker, simulated payments, a database of its own."""

    home: Path
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def opening_path(self) -> str:
        """Where the link leads that `run` printed for the first owner of an empty shop."""
        until = time.monotonic() + 30
        while not (found := re.search(r"/open/[\w-]+", (self.home / "run.log").read_text())):
            assert time.monotonic() < until, "no opening link was printed"
            time.sleep(0.1)
        return found[0]

    def quanzi(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command beside the running shop."""
        return subprocess.run(
            [sys.executable, "-m", "quanzi", *arguments],
            env=_surroundings(self.home, self.port),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@contextmanager
def open_shop(*, demo: bool = True) -> Iterator[Shop]:
    """Start a shop in a folder of its own and wait until pages are answered; afterwards nothing of it is left."""
    folder = Path(tempfile.mkdtemp(prefix="qz-browser-"))
    folder.chmod(0o755)
    shop = Shop(folder, _free_port())
    log = folder / "run.log"
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "quanzi", "run", "--workers", "1", *([] if demo else ["--no-demo"])],
            env=_surroundings(folder, shop.port),
            stdout=out,
            stderr=out,
        )
    try:
        until = time.monotonic() + UP_SECONDS
        while not _is_up(shop):
            assert process.poll() is None and time.monotonic() < until, log.read_text()[-4000:]
            time.sleep(0.2)
        yield shop
        said = log.read_text()
        assert "Traceback" not in said, said[-6000:]
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _surroundings(home: Path, port: int) -> dict[str, str]:
    inherited = ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "PYTHONPATH")
    kept = {name: os.environ[name] for name in inherited if name in os.environ}
    return kept | {"QUANZI_HOME": str(home), "QUANZI_PORT": str(port)}


def _free_port() -> int:
    """A port whose neighbour is free too: the simulated payment service stands there."""
    for port in range(21000 + os.getpid() % 9000 // 2 * 2, 45000, 2):
        with socket.socket() as one, socket.socket() as two:
            try:
                one.bind(("127.0.0.1", port))
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
    raise AssertionError("no free port")


def _is_up(shop: Shop) -> bool:
    try:
        with urllib.request.urlopen(f"{shop.address}/healthz", timeout=5) as answer:
            return bool(re.search(rb'"status":\s*"ok"', answer.read()))
    except urllib.error.HTTPError as answer:
        answer.close()
        return False
    except OSError:
        return False
